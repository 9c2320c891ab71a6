//! Where the SQL of the two databases differs.

use std::time::Duration;

/// The language of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// Locks the rows of a `SELECT` until the transaction ends. SQLite's writer is alone anyway.
    pub fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE",
        }
    }

    /// The same, leaving out rows that others have locked.
    pub fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// The same for rows that others may name as their parent meanwhile.
    pub fn no_key_skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR NO KEY UPDATE SKIP LOCKED",
        }
    }

    /// The same, waiting for others.
    pub fn no_key(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR NO KEY UPDATE",
        }
    }

    /// How long calls may wait for others that are likely to come. To PostgreSQL each statement is a journey.
    pub fn linger(self) -> Duration {
        match self {
            Self::Sqlite => Duration::ZERO,
            Self::Postgres => Duration::from_millis(2),
        }
    }

    /// Which index to go by. SQLite has no idea of how many rows are in which state; PostgreSQL finds out by itself.
    pub fn by_index(self, index: &str) -> String {
        match self {
            Self::Sqlite => format!(" INDEXED BY {index}"),
            Self::Postgres => String::new(),
        }
    }

    /// "is one of": the texts in the JSON list that is bound as `$n`.
    pub fn one_of(self, n: usize) -> String {
        match self {
            Self::Sqlite => format!("IN (SELECT value FROM json_each(${n}))"),
            Self::Postgres => format!("= ANY (ARRAY (SELECT jsonb_array_elements_text(CAST(${n} AS jsonb))))"),
        }
    }

    /// Whether a column with a JSON list of texts and the JSON list bound as `$n` have a text in common.
    pub fn shares(self, column: &str, n: usize) -> String {
        match self {
            Self::Sqlite => {
                format!("EXISTS (SELECT 1 FROM json_each({column}) WHERE value IN (SELECT value FROM json_each(${n})))")
            }
            Self::Postgres => {
                format!("CAST({column} AS jsonb) ?| ARRAY (SELECT jsonb_array_elements_text(CAST(${n} AS jsonb)))")
            }
        }
    }

    /// Whether the list in a member of a JSON column has the text bound as `$n`, letter case aside.
    pub fn member_has(self, column: &str, member: &str, n: usize) -> String {
        match self {
            Self::Sqlite => {
                format!("EXISTS (SELECT 1 FROM json_each({column}, '$.{member}') WHERE lower(value) = ${n})")
            }
            // PostgreSQL takes no text apart that has the one character it cannot hold, wherever in the text that is.
            Self::Postgres => format!(
                "EXISTS (SELECT 1 FROM json_array_elements_text(coalesce(
                     CAST(replace({column}, '\\u0000', '\\ufffd') AS json) -> '{member}', CAST('[]' AS json))) AS value
                 WHERE lower(value) = ${n})"
            ),
        }
    }

    /// The objects in the JSON list that is bound as `$n` as rows of these columns.
    pub fn rows(self, n: usize, columns: &[(&str, Column)]) -> String {
        match self {
            Self::Sqlite => {
                let members = columns
                    .iter()
                    .map(|(name, _)| format!("json_extract(value, '$.{name}') AS {name}"));
                let members: Vec<_> = members.collect();
                format!("(SELECT {} FROM json_each(${n}))", members.join(", "))
            }
            Self::Postgres => {
                let members = columns.iter().map(|(name, column)| match column {
                    Column::Text => format!("{name} TEXT"),
                    Column::Integer => format!("{name} BIGINT"),
                });
                let members: Vec<_> = members.collect();
                format!(
                    "(SELECT * FROM json_to_recordset(CAST(${n} AS json)) AS listed ({}))",
                    members.join(", ")
                )
            }
        }
    }
}

/// What a column of [`Dialect::rows`] holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Text,
    Integer,
}
