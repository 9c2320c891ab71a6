//! What font names say: `Montserrat-SemiBoldItalic` is the family `montserrat` in weight 600, italic.

use std::cmp::Ordering;

/// Weight, width and slant of a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Style {
    /// 1..=1000; 400 is regular, 700 bold.
    pub weight: u16,
    /// Width class 1..=9; 5 is normal, 3 condensed.
    pub width: u8,
    /// Italic or oblique.
    pub italic: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            weight: 400,
            width: 5,
            italic: false,
        }
    }
}

impl Style {
    /// How far `self` is from what was `wanted`; 0 is the same. Slant weighs most, then width, then weight, where
    /// (as in CSS) text weights look lighter first and bold weights bolder first.
    pub fn distance(self, wanted: Self) -> u32 {
        let slant = if self.italic == wanted.italic { 0 } else { 20_000 };
        let width = u32::from(self.width.abs_diff(wanted.width)) * 2_000;
        let away = u32::from(self.weight.abs_diff(wanted.weight));
        let wrong_side = match self.weight.cmp(&wanted.weight) {
            Ordering::Less => wanted.weight > 500,
            Ordering::Greater => wanted.weight < 400,
            Ordering::Equal => false,
        };
        slant + width + away + u32::from(wrong_side) * 300
    }
}

#[derive(Clone, Copy)]
enum Word {
    Weight(u16),
    Width(u8),
    Italic,
    Nothing,
}

/// Words of style names, normalised; of two that end alike the longer one stands first.
const WORDS: &[(&str, Word)] = &[
    ("extralight", Word::Weight(200)),
    ("ultralight", Word::Weight(200)),
    ("semilight", Word::Weight(350)),
    ("demilight", Word::Weight(350)),
    ("hairline", Word::Weight(100)),
    ("thin", Word::Weight(100)),
    ("light", Word::Weight(300)),
    ("regular", Word::Weight(400)),
    ("normal", Word::Weight(400)),
    ("roman", Word::Weight(400)),
    ("book", Word::Weight(400)),
    ("plain", Word::Weight(400)),
    ("medium", Word::Weight(500)),
    ("semibold", Word::Weight(600)),
    ("demibold", Word::Weight(600)),
    ("extrabold", Word::Weight(800)),
    ("ultrabold", Word::Weight(800)),
    ("demi", Word::Weight(600)),
    ("bold", Word::Weight(700)),
    ("extrablack", Word::Weight(950)),
    ("ultrablack", Word::Weight(950)),
    ("heavy", Word::Weight(900)),
    ("black", Word::Weight(900)),
    ("italic", Word::Italic),
    ("oblique", Word::Italic),
    ("slanted", Word::Italic),
    ("extracondensed", Word::Width(2)),
    ("ultracondensed", Word::Width(1)),
    ("semicondensed", Word::Width(4)),
    ("compressed", Word::Width(2)),
    ("condensed", Word::Width(3)),
    ("narrow", Word::Width(3)),
    ("semiexpanded", Word::Width(6)),
    ("extraexpanded", Word::Width(8)),
    ("ultraexpanded", Word::Width(9)),
    ("expanded", Word::Width(7)),
    ("extended", Word::Width(7)),
    ("100", Word::Weight(100)),
    ("200", Word::Weight(200)),
    ("300", Word::Weight(300)),
    ("400", Word::Weight(400)),
    ("500", Word::Weight(500)),
    ("600", Word::Weight(600)),
    ("700", Word::Weight(700)),
    ("800", Word::Weight(800)),
    ("900", Word::Weight(900)),
];

/// Abbreviations that count only in the style half of a name, where they cannot be the end of a family's.
const SHORT_WORDS: &[(&str, Word)] = &[
    ("psmt", Word::Nothing),
    ("mt", Word::Nothing),
    ("ps", Word::Nothing),
    ("cond", Word::Width(3)),
    ("ital", Word::Italic),
    ("obl", Word::Italic),
    ("it", Word::Italic),
    ("reg", Word::Weight(400)),
    ("med", Word::Weight(500)),
    ("semi", Word::Weight(600)),
    ("blk", Word::Weight(900)),
    ("bd", Word::Weight(700)),
    ("lt", Word::Weight(300)),
    ("th", Word::Weight(100)),
    ("rg", Word::Weight(400)),
    ("bk", Word::Weight(400)),
    ("md", Word::Weight(500)),
    ("dm", Word::Weight(600)),
    ("smbd", Word::Weight(600)),
    ("sb", Word::Weight(600)),
    ("xbd", Word::Weight(800)),
    ("eb", Word::Weight(800)),
    ("hv", Word::Weight(900)),
    ("xlt", Word::Weight(200)),
    ("cn", Word::Width(3)),
    ("cnd", Word::Width(3)),
    ("xcn", Word::Width(2)),
    ("ex", Word::Width(7)),
];

/// Lower case, letters and digits only: `Noto Sans-Bold` and `notosans bold` compare equal.
pub(super) fn normalise(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// What was said so far; of two weights in a name the last one counts.
#[derive(Default)]
struct Said {
    weight: Option<u16>,
    width: Option<u8>,
    italic: bool,
}

impl Said {
    fn style(&self) -> Style {
        let usual = Style::default();
        Style {
            weight: self.weight.unwrap_or(usual.weight),
            width: self.width.unwrap_or(usual.width),
            italic: self.italic,
        }
    }
}

/// Takes style words off the end of a normalised name; what is left is not style.
fn strip<'a>(mut name: &'a str, said: &mut Said, short: bool) -> &'a str {
    'again: loop {
        let lists = [WORDS, if short { SHORT_WORDS } else { &[] }];
        // Longest match wins: `semibold` before `bold`.
        let mut best: Option<(&str, Word)> = None;
        for &(word, meaning) in lists.into_iter().flatten() {
            if name.ends_with(word) && best.is_none_or(|(b, _)| word.len() > b.len()) {
                best = Some((word, meaning));
            }
        }
        if let Some((word, meaning)) = best {
            match meaning {
                Word::Weight(w) => _ = said.weight.get_or_insert(w),
                Word::Width(w) => _ = said.width.get_or_insert(w),
                Word::Italic => said.italic = true,
                Word::Nothing => {}
            }
            name = &name[..name.len() - word.len()];
            continue 'again;
        }
        return name;
    }
}

/// What a style name such as `SemiBold Italic` says; words it does not know change nothing.
pub(super) fn parse_style(name: &str) -> Style {
    let mut said = Said::default();
    for token in name.split(|c: char| !c.is_alphanumeric()).rev() {
        strip(&normalise(token), &mut said, true);
    }
    said.style()
}

/// Splits a font name (PostScript or full name) into a normalised family and a style.
pub(super) fn split_name(name: &str) -> (String, Style) {
    let mut said = Said::default();
    let (family, words) = match name.split_once(['-', ',']) {
        Some((family, words)) => (family, words),
        None => (name, ""),
    };
    let words = normalise(words);
    let rest = strip(&words, &mut said, true);
    let mut family = normalise(family);
    if !rest.is_empty() {
        // The hyphen did not part family and style (`Source-Sans-Pro`): all of it names the family.
        family.push_str(rest);
    }
    let mut short = family.as_str();
    for suffix in ["psmt", "mt", "ps"] {
        if let Some(cut) = short.strip_suffix(suffix)
            && cut.len() > 2
        {
            short = cut;
            break;
        }
    }
    let whole = short.len();
    let stripped = strip(short, &mut said, false);
    // A family may be nothing but a style word (`Black`, `Roman`): then it is its name.
    let end = if stripped.is_empty() { whole } else { stripped.len() };
    family.truncate(end);
    (family, said.style())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, family: &str, weight: u16, width: u8, italic: bool) {
        assert_eq!(
            split_name(name),
            (family.to_owned(), Style { weight, width, italic }),
            "{name}"
        );
    }

    #[test]
    fn post_script_names_part_into_family_and_style() {
        check("Montserrat-SemiBoldItalic", "montserrat", 600, 5, true);
        check("ArialMT", "arial", 400, 5, false);
        check("Arial-BoldMT", "arial", 700, 5, false);
        check("TimesNewRomanPSMT", "timesnew", 400, 5, false);
        check("TimesNewRomanPS-BoldItalicMT", "timesnew", 700, 5, true);
        check("HelveticaNeue-CondensedBlack", "helveticaneue", 900, 3, false);
        check("Helvetica Bold", "helvetica", 700, 5, false);
        check("SamsungOne-500", "samsungone", 500, 5, false);
        check("OpenSans-Light", "opensans", 300, 5, false);
        check("Gotham-ExtraLight", "gotham", 200, 5, false);
        check("AvenirNextLTPro-BoldCnIt", "avenirnextltpro", 700, 3, true);
        check("HelveticaNeueLTStd-MdCn", "helveticaneueltstd", 500, 3, false);
        check("FuturaPT-Demi", "futurapt", 600, 5, false);
        check("Black", "black", 900, 5, false);
        check("", "", 400, 5, false);
        check("源ノ角ゴシック-Bold", "源ノ角ゴシック", 700, 5, false);
    }

    #[test]
    fn the_nearest_style_is_the_one_a_reader_would_pick() {
        let of = |weight, italic| Style {
            weight,
            italic,
            ..Style::default()
        };
        let pick = |wanted: Style| {
            [of(400, false), of(700, false), of(400, true), of(700, true)]
                .into_iter()
                .min_by_key(|s| s.distance(wanted))
                .unwrap()
        };
        assert_eq!(pick(of(600, false)), of(700, false));
        assert_eq!(pick(of(500, false)), of(400, false));
        assert_eq!(pick(of(900, true)), of(700, true));
        assert_eq!(pick(of(100, false)), of(400, false));
    }
}
