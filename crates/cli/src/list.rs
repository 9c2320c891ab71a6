//! Tables on standard output.

use filmpress_job::public::instant;
use time::OffsetDateTime;

/// Prints rows under their headings, the columns as wide as they must be.
pub fn print<const COLUMNS: usize>(head: [&str; COLUMNS], rows: impl IntoIterator<Item = [String; COLUMNS]>) {
    let rows: Vec<_> = std::iter::once(head.map(str::to_owned)).chain(rows).collect();
    for line in lines(&rows) {
        println!("{line}");
    }
}

fn lines<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) -> Vec<String> {
    let mut widths = [0; COLUMNS];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |row: &[String; COLUMNS]| {
        let cells: Vec<_> = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// An instant to the second, or a dash.
pub fn date(instant: Option<OffsetDateTime>) -> String {
    let text = instant.map(instant::to_text);
    text.map_or_else(
        || "-".to_owned(),
        |text: String| text.split('.').next().unwrap_or_default().replace('T', " "),
    )
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn columns_are_as_wide_as_they_must_be() {
        let rows = [["ID", "NAME"], ["1", "ä"], ["100", ""]].map(|row| row.map(str::to_owned));
        assert_eq!(lines(&rows), ["ID   NAME", "1    ä", "100"]);
    }
}
