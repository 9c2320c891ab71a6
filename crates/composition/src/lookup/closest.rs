//! What a misspelt name may have meant.

/// Longest name compared, in characters; longer ones are only compared for equality but for case and blanks.
const MAX_COMPARED: usize = 128;

/// The candidate most like `name`: equal but for case and surrounding blanks, else within a few edits.
/// `None` when nothing is close enough to be worth suggesting.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |s: &str| s.trim().to_lowercase();
    let wanted = plain(name);
    let length = wanted.chars().count();
    let most_edits = length.div_ceil(3);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let there = plain(candidate);
        let edits = if there == wanted {
            0
        } else if length > MAX_COMPARED || there.chars().count() > MAX_COMPARED {
            continue;
        } else {
            // A name that contains the other (`Title` and `Title 2`) counts as close whatever its length.
            let contained = length >= 3 && (there.contains(&wanted) || (there.len() >= 3 && wanted.contains(&there)));
            let edits = edit_distance(&wanted, &there);
            if edits > most_edits && !contained {
                continue;
            }
            edits
        };
        if best.is_none_or(|(least, _)| edits < least) {
            best = Some((edits, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Levenshtein's distance in characters.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, &y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_blanks_come_first_then_few_edits() {
        let names = ["Logo", "Headline", "Sub Headline", "placeholder "];
        assert_eq!(closest("headline", names), Some("Headline"));
        assert_eq!(closest("Headlin", names), Some("Headline"));
        assert_eq!(closest("placeholder", names), Some("placeholder "));
        assert_eq!(closest("Lgo", names), Some("Logo"));
        assert_eq!(closest("Price", names), None);
        assert_eq!(closest("x", []), None);
    }

    #[test]
    fn distance_counts_characters_not_bytes() {
        assert_eq!(edit_distance("überschrift", "uberschrift"), 1);
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
    }
}
