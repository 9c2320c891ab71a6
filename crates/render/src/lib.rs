//! A Frame to a Pixmap.

mod footage;

pub use footage::Footage;
