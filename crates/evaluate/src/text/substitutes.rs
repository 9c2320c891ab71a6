//! What stands in for a font that is not there: metric-compatible fonts first, then fonts of the same kind.

/// Families (normalised) and what stands in for them, best first. Metric-compatible pairs keep line breaks as they
/// were; the others keep the kind of letter.
const FAMILIES: &[(&str, &[&str])] = &[
    ("arial", &["liberationsans", "arimo", "helvetica"]),
    ("arialnarrow", &["liberationsansnarrow"]),
    ("helvetica", &["liberationsans", "arimo", "arial"]),
    ("helveticaneue", &["liberationsans", "arimo", "arial"]),
    ("timesnew", &["liberationserif", "tinos", "times"]),
    ("timesnewroman", &["liberationserif", "tinos", "times"]),
    ("times", &["liberationserif", "tinos", "timesnewroman"]),
    ("couriernew", &["liberationmono", "cousine", "courier"]),
    ("courier", &["liberationmono", "cousine", "couriernew"]),
    ("calibri", &["carlito"]),
    ("cambria", &["caladea"]),
    ("verdana", &["dejavusans"]),
    ("bitstreamverasans", &["dejavusans"]),
    ("menlo", &["dejavusansmono"]),
    ("opensans", &["notosans"]),
    ("droidsans", &["notosans", "opensans"]),
];

const SANS: &[&str] = &["notosans", "liberationsans", "dejavusans"];
const SERIF: &[&str] = &["notoserif", "liberationserif", "dejavuserif"];
const MONO: &[&str] = &["liberationmono", "notosansmono", "dejavusansmono"];
const NARROW: &[&str] = &["liberationsansnarrow", "dejavusanscondensed"];

/// Words in a family's name that tell what kind of letter it has; looked for in this order.
const KINDS: &[(&str, &[&str])] = &[
    ("mono", MONO),
    ("code", MONO),
    ("consol", MONO),
    ("courier", MONO),
    ("typewriter", MONO),
    ("narrow", NARROW),
    ("condensed", NARROW),
    ("sans", SANS),
    ("serif", SERIF),
    ("slab", SERIF),
    ("times", SERIF),
    ("georgia", SERIF),
    ("garamond", SERIF),
    ("baskerville", SERIF),
    ("bodoni", SERIF),
    ("didot", SERIF),
    ("caslon", SERIF),
    ("palatino", SERIF),
    ("merriweather", SERIF),
    ("playfair", SERIF),
    ("minion", SERIF),
    ("antiqua", SERIF),
    ("roman", SERIF),
];

/// Families (normalised) to use instead of `family`, best first; ends with the fonts for everything.
pub(super) fn substitutes(family: &str, narrow: bool) -> impl Iterator<Item = &'static str> {
    let named = FAMILIES
        .iter()
        .find(|(name, _)| *name == family)
        .map_or(&[][..], |(_, list)| *list);
    let kind = KINDS
        .iter()
        .find(|(word, _)| family.contains(word))
        .map_or(&[][..], |(_, list)| *list);
    let narrow = if narrow { NARROW } else { &[] };
    narrow.iter().chain(named).chain(kind).chain(SANS).copied()
}

/// Blocks of characters and the families (normalised) most likely to have them.
const BLOCKS: &[(u32, u32, &[&str])] = &[
    (0x0370, 0x03FF, SANS),
    (0x0400, 0x052F, SANS),
    (0x0530, 0x058F, &["notosansarmenian"]),
    (0x0590, 0x05FF, &["notosanshebrew"]),
    (0x0600, 0x06FF, &["notosansarabic", "notonaskharabic"]),
    (0x0700, 0x074F, &["notosanssyriac"]),
    (0x0750, 0x077F, &["notosansarabic", "notonaskharabic"]),
    (0x0900, 0x097F, &["notosansdevanagari"]),
    (0x0980, 0x09FF, &["notosansbengali"]),
    (0x0A00, 0x0A7F, &["notosansgurmukhi"]),
    (0x0A80, 0x0AFF, &["notosansgujarati"]),
    (0x0B00, 0x0B7F, &["notosansoriya"]),
    (0x0B80, 0x0BFF, &["notosanstamil"]),
    (0x0C00, 0x0C7F, &["notosanstelugu"]),
    (0x0C80, 0x0CFF, &["notosanskannada"]),
    (0x0D00, 0x0D7F, &["notosansmalayalam"]),
    (0x0D80, 0x0DFF, &["notosanssinhala"]),
    (0x0E00, 0x0E7F, &["notosansthai"]),
    (0x0E80, 0x0EFF, &["notosanslao"]),
    (0x0F00, 0x0FFF, &["notoseriftibetan"]),
    (0x1000, 0x109F, &["notosansmyanmar"]),
    (0x10A0, 0x10FF, &["notosansgeorgian"]),
    (0x1200, 0x137F, &["notosansethiopic"]),
    (0x1780, 0x17FF, &["notosanskhmer"]),
    (
        0x2000,
        0x2BFF,
        &[
            "notosans",
            "dejavusans",
            "notosanssymbols",
            "notosanssymbols2",
            "notosansmath",
        ],
    ),
    (0x2E80, 0x9FFF, CJK),
    (0xA000, 0xA4CF, &["notosansyi"]),
    (0xAC00, 0xD7AF, &["notosanscjkkr", "notosanskr", "notosanscjksc"]),
    (0xF900, 0xFAFF, CJK),
    (0xFB50, 0xFDFF, &["notosansarabic", "notonaskharabic"]),
    (0xFE70, 0xFEFF, &["notosansarabic", "notonaskharabic"]),
    (0xFF00, 0xFFEF, CJK),
    (
        0x1F000,
        0x1FAFF,
        &[
            "notoemoji",
            "notocoloremoji",
            "notosanssymbols2",
            "dejavusans",
            "notosanssymbols",
        ],
    ),
    (0x20000, 0x3FFFF, CJK),
];

const CJK: &[&str] = &[
    "notosanscjksc",
    "notosanscjkjp",
    "notosanssc",
    "notosansjp",
    "notosanstc",
    "sourcehansans",
    "wenquanyizenhei",
    "droidsansfallback",
];

/// Families (normalised) to ask first for a character.
pub(super) fn families_for(c: char) -> &'static [&'static str] {
    let code = c as u32;
    BLOCKS
        .iter()
        .find(|(from, to, _)| (*from..=*to).contains(&code))
        .map_or(SANS, |(_, _, list)| *list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compatible_metrics_come_before_the_kind_and_the_kind_before_the_rest() {
        let first = |family| substitutes(family, false).next();
        assert_eq!(first("arial"), Some("liberationsans"));
        assert_eq!(first("robotomono"), Some("liberationmono"));
        assert_eq!(first("playfairdisplay"), Some("notoserif"));
        assert_eq!(first("ptsansserif"), Some("notosans"));
        assert_eq!(first("montserrat"), Some("notosans"));
        assert_eq!(substitutes("roboto", true).next(), Some("liberationsansnarrow"));
    }

    #[test]
    fn blocks_do_not_overlap() {
        for pair in BLOCKS.windows(2) {
            assert!(pair[0].1 < pair[1].0, "{:x}", pair[1].0);
        }
    }
}
