//! The piece of a list that is asked for.

use std::collections::HashMap;

use filmpress_job::Problem;

use crate::error::{Answer, ApiError};

/// How many entries a page has when nobody says.
const USUAL: usize = 300;

/// No page has more; who asks for more gets so many.
const MOST: usize = 1000;

/// The piece of a list that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    offset: usize,
    limit: usize,
}

impl Page {
    /// Reads `limit` and `offset`.
    pub fn read(query: &HashMap<String, String>) -> Answer<Self> {
        let mut problems = Vec::new();
        let mut number = |key: &str, usual: usize, least: usize| {
            let Some(text) = query.get(key) else { return usual };
            match whole(text) {
                Some(number) if number >= least => number,
                _ => {
                    problems.push(Problem::new(key, format!("must be a whole number from {least}")));
                    usual
                }
            }
        };
        let (limit, offset) = (number("limit", USUAL, 1).min(MOST), number("offset", 0, 0));
        if problems.is_empty() {
            Ok(Self { offset, limit })
        } else {
            Err(ApiError::invalid(problems))
        }
    }

    /// The piece of a list.
    pub fn of<T: Clone>(self, list: &[T]) -> Vec<T> {
        list.iter().skip(self.offset).take(self.limit).cloned().collect()
    }
}

/// A whole number; one that is too large to count by is the largest.
fn whole(text: &str) -> Option<usize> {
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::Page;

    fn read(query: &[(&str, &str)]) -> Result<Page, Vec<String>> {
        let query = query
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        Page::read(&query).map_err(|error| error.body.details.into_iter().map(|problem| problem.field).collect())
    }

    #[test]
    fn pages_are_cut_and_bad_ones_refused() {
        assert_eq!(read(&[]), Ok(Page { offset: 0, limit: 300 }));
        assert_eq!(
            read(&[("limit", "5000"), ("offset", "7")]),
            Ok(Page { offset: 7, limit: 1000 })
        );
        let far = "9".repeat(40);
        assert_eq!(
            read(&[("offset", &far)]),
            Ok(Page {
                offset: usize::MAX,
                limit: 300
            })
        );
        assert_eq!(
            read(&[("limit", "0"), ("offset", "-1")]),
            Err(vec!["limit".into(), "offset".into()])
        );
        for bad in ["", "1.5", "x", "+1", "1e3"] {
            assert_eq!(read(&[("limit", bad)]), Err(vec!["limit".into()]), "{bad}");
        }
        assert_eq!(Page { offset: 1, limit: 2 }.of(&[1, 2, 3, 4]), [2, 3]);
        assert!(
            Page {
                offset: usize::MAX,
                limit: 2
            }
            .of(&[1])
            .is_empty()
        );
    }
}
