//! The settings of the program: from a file, the environment and flags, each outweighing what comes before it.
//!
//! - `table`: every setting; `kind`: what its value may be; `flags`: the table as flags
//! - `load`: gathering the values; this file: reading them

mod flags;
pub mod kind;
mod load;
pub mod table;

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use flags::Flags;
pub use table::{ALL, DATABASE, SERVE, WORKER};

use crate::failure::Failure;
use crate::folders;

/// The value of a setting, and where it is from.
#[derive(Clone)]
struct Given {
    values: Vec<String>,
    from: String,
    /// The file the value was read from.
    file: Option<PathBuf>,
}

/// The settings of the program, each of the kind it must be.
#[derive(Clone, Default)]
pub struct Settings {
    given: BTreeMap<&'static str, Given>,
}

impl Settings {
    /// The value somebody gave a setting, or the default; `None` where there is neither.
    pub fn text(&self, name: &str) -> Option<&str> {
        let given = self.given.get(name).and_then(|given| given.values.first());
        let default = || table::setting(name).map(|setting| setting.default);
        given
            .map(String::as_str)
            .or_else(default)
            .filter(|text| !text.is_empty())
    }

    /// The same as text of one's own.
    pub fn string(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// All values of a list.
    pub fn list(&self, name: &str) -> Vec<String> {
        self.given
            .get(name)
            .map(|given| given.values.clone())
            .unwrap_or_default()
    }

    /// A number.
    pub fn number<T: TryFrom<u64> + Default>(&self, name: &str) -> T {
        let number = self.text(name).and_then(|text| text.parse::<u64>().ok());
        number.and_then(|number| T::try_from(number).ok()).unwrap_or_default()
    }

    /// A number where 0 is none.
    pub fn limit(&self, name: &str) -> Option<NonZeroU32> {
        NonZeroU32::new(self.number(name))
    }

    /// A number of bytes.
    pub fn size(&self, name: &str) -> Option<u64> {
        self.text(name).and_then(|text| kind::size(text).ok())
    }

    /// A time.
    pub fn time(&self, name: &str) -> Duration {
        self.text(name)
            .and_then(|text| kind::time(text).ok())
            .unwrap_or_default()
    }

    /// A time where 0 is for ever.
    pub fn time_limit(&self, name: &str) -> Option<Duration> {
        Some(self.time(name)).filter(|time| !time.is_zero())
    }

    /// Yes or no.
    pub fn switch(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| kind::switch(text) == Ok(true))
    }

    /// The data folder.
    pub fn data(&self) -> Result<PathBuf, Failure> {
        folders::data(self.text("data").map(Path::new))
    }

    /// The file that a secret was read from, where it was.
    pub fn file(&self, name: &str) -> Option<&Path> {
        self.given.get(name)?.file.as_deref()
    }

    /// Where a value is from; `None` for defaults.
    pub fn origin(&self, name: &str) -> Option<&str> {
        self.given.get(name).map(|given| given.from.as_str())
    }
}
