//! Which functions an expression uses, read off its text without running it.
//!
//! [`words`] cuts JavaScript into words, leaving out strings and comments; [`names`] knows After Effects' and
//! JavaScript's names.

mod names;
mod words;

use std::collections::BTreeSet;

use words::{Word, words};

/// What an expression uses.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Uses {
    /// After Effects' functions and attributes.
    pub functions: BTreeSet<String>,
    /// Functions called that are nobody's.
    pub unknown: BTreeSet<String>,
}

/// Objects whose members are told with them: `thisComp.layer`.
const OBJECTS: &[&str] = &["thisComp", "thisLayer", "thisProperty", "thisProject"];

/// Most characters of an expression looked at.
const MAX_LENGTH: usize = 200_000;

/// Reads an expression.
pub(crate) fn uses(text: &str) -> Uses {
    let end = text.char_indices().nth(MAX_LENGTH).map_or(text.len(), |(i, _)| i);
    let words = words(text.get(..end).unwrap_or_default());
    let own = own_names(&words);
    let mut found = Uses::default();
    for (i, word) in words.iter().enumerate() {
        let Word::Name(name) = word else { continue };
        let before = |n: usize| i.checked_sub(n).and_then(|i| words.get(i));
        let after = words.get(i + 1);
        let is_member = matches!(before(1), Some(Word::Mark('.')));
        let is_called = matches!(after, Some(Word::Mark('(')));
        // A key of an object literal, or a label.
        if !is_member && matches!(after, Some(Word::Mark(':'))) && !matches!(before(1), Some(Word::Mark('?'))) {
            continue;
        }
        let plain = names::spelt_today(name);
        let object = match before(2) {
            Some(Word::Name(object)) if is_member => names::spelt_today(object),
            _ => String::new(),
        };
        if !is_member && own.contains(name) {
            continue;
        }
        if object == "Math" || object == "JSON" {
            continue;
        }
        let known = names::is_after_effects(&plain);
        if known && !(is_member && !is_called && names::is_javascript_member(&plain)) {
            if OBJECTS.contains(&object.as_str()) {
                found.functions.insert(format!("{object}.{plain}"));
            } else if !OBJECTS.contains(&plain.as_str()) || !matches!(after, Some(Word::Mark('.'))) {
                found.functions.insert(plain);
            }
        } else if is_called
            && !known
            && !names::is_javascript(name)
            && !(is_member && (names::is_javascript_member(name) || own.contains(name)))
        {
            found.unknown.insert(name.clone());
        }
    }
    found
}

/// Names the expression gives itself: of functions, variables and parameters.
fn own_names(words: &[Word]) -> BTreeSet<String> {
    let mut own = BTreeSet::new();
    let mut in_parameters = false;
    for (i, word) in words.iter().enumerate() {
        match word {
            Word::Name(name) => {
                let before = i.checked_sub(1).and_then(|i| words.get(i));
                let declared = match before {
                    Some(Word::Name(keyword)) => matches!(keyword.as_str(), "var" | "let" | "const" | "function"),
                    Some(Word::Mark('.')) => false,
                    _ => in_parameters,
                };
                let is_assigned = matches!(words.get(i + 1), Some(Word::Mark('=')))
                    && !matches!(words.get(i + 2), Some(Word::Mark('=' | '>')))
                    && !matches!(before, Some(Word::Mark('.')));
                // `name: function () {...}` and `name = ...` both make it callable.
                let is_key = matches!(words.get(i + 1), Some(Word::Mark(':')));
                let is_arrow = matches!(
                    (words.get(i + 1), words.get(i + 2)),
                    (Some(Word::Mark('=')), Some(Word::Mark('>')))
                );
                if declared || is_assigned || is_key || is_arrow {
                    own.insert(name.clone());
                }
                if name == "function" {
                    in_parameters = true;
                }
            }
            Word::Mark(')' | '{') => in_parameters = false,
            Word::Mark(_) => {}
        }
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    fn functions(text: &str) -> Vec<String> {
        uses(text).functions.into_iter().collect()
    }

    fn unknown(text: &str) -> Vec<String> {
        uses(text).unknown.into_iter().collect()
    }

    #[test]
    fn functions_and_attributes_of_after_effects_are_named() {
        assert_eq!(functions("wiggle(2, 30)"), ["wiggle"]);
        assert_eq!(
            functions("thisComp.layer(\"Ctrl\").effect(\"Size\")(\"Slider\") * 2"),
            ["effect", "thisComp.layer"]
        );
        assert_eq!(
            functions("loopOut('cycle') + valueAtTime(time - 1)"),
            ["loopOut", "time", "valueAtTime"]
        );
        assert_eq!(
            functions("this_comp.layer('a').transform.position"),
            ["position", "thisComp.layer", "transform"]
        );
    }

    #[test]
    fn strings_comments_and_own_names_do_not_count() {
        let text = "// wiggle(1,1)\n/* loopIn() */ var s = 'random()', f = function(noise2) { return noise2(1) };\n\
                    var o = {ease: 1}; `key(1) ${linear(time, 0, 1)}`; s.length; s.split('x').join(',');\n\
                    Math.sin(2); parseInt(s) / 2 / f(3)";
        assert_eq!(functions(text), ["linear", "time"]);
        assert_eq!(unknown(text), Vec::<String>::new());
    }

    #[test]
    fn what_nobody_knows_is_told() {
        assert_eq!(
            unknown("bounce(3) + thisComp.layer(1).sparkle()"),
            ["bounce", "sparkle"]
        );
        assert_eq!(unknown("const go = (x) => x * 2; go(value)"), Vec::<String>::new());
        assert_eq!(unknown("if (a) { while (b) {} } return (c)"), Vec::<String>::new());
    }

    #[test]
    fn what_lottie_exporters_write_for_operators_is_known() {
        let text = "var $bm_rt; $bm_rt = sum($bm_neg(mul(value, 2)), wiggle(1, $bm_mod(3, 2)));";
        assert_eq!(unknown(text), Vec::<String>::new());
        assert_eq!(functions(text), ["mul", "value", "wiggle"]);
    }

    #[test]
    fn torn_text_ends() {
        for text in [
            "'",
            "\"\\",
            "`${`${",
            "/*",
            "//",
            "/[",
            "a.",
            "\\",
            "😀(",
            "function(",
            "`${}}}`",
        ] {
            let _ = uses(text);
        }
        let deep = "`${".repeat(50_000);
        let _ = uses(&deep);
        assert_eq!(unknown("x = /[/']wiggle(/.test(y); boo()"), ["boo"]);
    }
}
