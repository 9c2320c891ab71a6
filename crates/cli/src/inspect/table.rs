//! Columns on a terminal or in a pipe.

use std::io::IsTerminal;

/// What is written on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paper {
    /// Columns of the terminal; lines are not cut in a pipe.
    pub width: Option<usize>,
    /// Whether colours show.
    pub colors: bool,
}

impl Paper {
    /// The paper standard output is: colours only on a terminal, and not where `NO_COLOR` says no.
    pub fn of_stdout() -> Self {
        let is_terminal = std::io::stdout().is_terminal();
        let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            width: is_terminal.then(|| usize::from(console::Term::stdout().size().1)),
            colors: is_terminal && !forbidden,
        }
    }

    pub fn bold(self, text: &str) -> String {
        self.paint(text, "1")
    }

    pub fn dim(self, text: &str) -> String {
        self.paint(text, "2")
    }

    pub fn good(self, text: &str) -> String {
        self.paint(text, "32")
    }

    pub fn fair(self, text: &str) -> String {
        self.paint(text, "33")
    }

    pub fn bad(self, text: &str) -> String {
        self.paint(text, "31")
    }

    fn paint(self, text: &str, code: &str) -> String {
        if self.colors && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// A line no longer than the paper is wide.
    pub fn fit(self, line: &str) -> String {
        match self.width {
            Some(width) => console::truncate_str(line, width, "…").into_owned(),
            None => line.to_owned(),
        }
    }
}

/// Widest column but the last, in characters.
const MAX_COLUMN: usize = 40;
/// Narrowest a column is made on a narrow terminal.
const MIN_COLUMN: usize = 8;
/// What the last column gets of a narrow terminal, if it is that wide.
const LAST_COLUMN: usize = 24;

/// Rows under each other: every column as wide as its widest cell, the last one as it is.
pub(super) fn table(paper: Paper, rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| plain(cell)).collect())
        .collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..columns)
        .map(|i| {
            let cells = rows.iter().filter_map(|row| row.get(i));
            cells
                .map(|cell| console::measure_text_width(cell).min(MAX_COLUMN))
                .max()
                .unwrap_or(0)
        })
        .collect();
    if let Some(width) = paper.width {
        // The widest columns make room, so that something of the last one shows.
        let last = widths.pop().unwrap_or(0).min(LAST_COLUMN);
        let room = width.saturating_sub(last + 2 + 2 * widths.len());
        while widths.iter().sum::<usize>() > room
            && let Some(widest) = widths.iter_mut().max().filter(|widest| **widest > MIN_COLUMN)
        {
            *widest -= 1;
        }
    }
    let mut out = String::new();
    for row in &rows {
        let mut line = String::from("  ");
        for (i, cell) in row.iter().enumerate() {
            if i + 1 == row.len() {
                line += cell;
            } else {
                let width = widths.get(i).copied().unwrap_or(0);
                line += &console::pad_str(cell, width, console::Alignment::Left, Some("…"));
                line += "  ";
            }
        }
        out += &paper.fit(line.trim_end());
        out.push('\n');
    }
    out
}

/// Text of strangers as one line without control characters: nothing in a template steers the terminal.
pub(super) fn plain(text: &str) -> String {
    // Our own colours are the only escapes allowed.
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_control()) {
        let (before, after) = rest.split_at(at);
        out += before;
        let own = [
            "\u{1b}[0m",
            "\u{1b}[1m",
            "\u{1b}[2m",
            "\u{1b}[31m",
            "\u{1b}[32m",
            "\u{1b}[33m",
        ];
        if let Some(code) = own.iter().find(|code| after.starts_with(**code)) {
            out += code;
            rest = &after[code.len()..];
        } else {
            out.push(' ');
            rest = after
                .get(after.chars().next().map_or(0, char::len_utf8)..)
                .unwrap_or_default();
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter()
            .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
            .collect()
    }

    #[test]
    fn columns_are_aligned_by_width_and_long_lines_cut_on_terminals() {
        let pipe = Paper {
            width: None,
            colors: false,
        };
        let shown = table(pipe, &rows(&[&["a", "bb", "tail"], &["标题", "b", "tail tail"]]));
        assert_eq!(shown, "  a     bb  tail\n  标题  b   tail tail\n");
        let narrow = Paper {
            width: Some(12),
            colors: false,
        };
        assert_eq!(table(narrow, &rows(&[&["a", "a long tail"]])), "  a  a long…\n");
        let paper = Paper {
            width: Some(32),
            colors: false,
        };
        let row: &[&str] = &["a very long name", "another long name", "tail"];
        assert_eq!(table(paper, &rows(&[row])), "  a very lon…  another lo…  tail\n");
    }

    #[test]
    fn names_in_templates_do_not_steer_the_terminal() {
        assert_eq!(plain("a\u{1b}]0;x\u{7}b\nc"), "a ]0;x b c");
        assert_eq!(plain("\u{1b}[2J"), " [2J");
        let paper = Paper {
            width: None,
            colors: true,
        };
        assert_eq!(plain(&paper.bold("x")), "\u{1b}[1mx\u{1b}[0m");
        let pipe = Paper {
            width: None,
            colors: false,
        };
        assert_eq!(pipe.bad("x"), "x");
    }
}
