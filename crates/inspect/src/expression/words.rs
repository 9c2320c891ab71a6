//! JavaScript cut into words: names and marks, without strings, comments, numbers and regular expressions.

/// A word.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A name or keyword.
    Name(String),
    /// Any other character that is code. A number, string or regular expression counts as `0`.
    Mark(char),
}

/// What is open around the place being read.
#[derive(PartialEq)]
enum Open {
    /// A brace of code.
    Brace,
    /// `${` of a template string.
    Hole,
}

/// Cuts a text. Whatever the text, this ends: every step takes a character.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut chars = text.chars().peekable();
    let mut words = Vec::new();
    let mut open = Vec::new();
    while let Some(c) = chars.next() {
        match c {
            _ if c.is_whitespace() => {}
            '/' if chars.peek() == Some(&'/') => while chars.next().is_some_and(|c| c != '\n' && c != '\r') {},
            '/' if chars.peek() == Some(&'*') => {
                chars.next();
                let mut last = ' ';
                for c in chars.by_ref() {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
            }
            '/' if starts_value(words.last()) => {
                let mut in_class = false;
                while let Some(c) = chars.next() {
                    match c {
                        '\\' => drop(chars.next()),
                        '[' => in_class = true,
                        ']' => in_class = false,
                        '/' if !in_class => break,
                        '\n' => break,
                        _ => {}
                    }
                }
                words.push(Word::Mark('0'));
            }
            '\'' | '"' => {
                while let Some(inner) = chars.next() {
                    match inner {
                        '\\' => drop(chars.next()),
                        '\n' => break,
                        _ if inner == c => break,
                        _ => {}
                    }
                }
                words.push(Word::Mark('0'));
            }
            '`' => template(&mut chars, &mut open, &mut words),
            '{' => {
                open.push(Open::Brace);
                words.push(Word::Mark(c));
            }
            '}' => {
                if open.pop() == Some(Open::Hole) {
                    template(&mut chars, &mut open, &mut words);
                } else {
                    words.push(Word::Mark(c));
                }
            }
            _ if c.is_ascii_digit() => {
                while chars
                    .peek()
                    .is_some_and(|c| c.is_alphanumeric() || *c == '.' || *c == '_')
                {
                    chars.next();
                }
                words.push(Word::Mark('0'));
            }
            _ if is_name(c) => {
                let mut name = String::from(c);
                while let Some(c) = chars.next_if(|c| is_name(*c) || c.is_numeric()) {
                    name.push(c);
                }
                words.push(Word::Name(name));
            }
            _ => words.push(Word::Mark(c)),
        }
    }
    words
}

/// Reads on in a template string, to its end or to its next hole.
fn template(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, open: &mut Vec<Open>, words: &mut Vec<Word>) {
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '`' => {
                words.push(Word::Mark('0'));
                return;
            }
            '$' if chars.peek() == Some(&'{') => {
                chars.next();
                open.push(Open::Hole);
                words.push(Word::Mark(','));
                return;
            }
            _ => {}
        }
    }
}

fn is_name(c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == '$'
}

/// Whether a slash here begins a regular expression instead of dividing.
fn starts_value(last: Option<&Word>) -> bool {
    match last {
        None => true,
        Some(Word::Name(name)) => matches!(name.as_str(), "return" | "typeof" | "case" | "in" | "of"),
        Some(Word::Mark(c)) => !matches!(c, ')' | ']' | '}' | '0'),
    }
}
