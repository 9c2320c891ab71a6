//! How many event streams are open: each holds a connection and looks at the database every second.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;

use crate::error::{Answer, ApiError};

/// Counts open streams.
pub struct Streams {
    of_team: usize,
    all: usize,
    open: Arc<Mutex<HashMap<String, usize>>>,
}

/// A place among the open streams, free again when this goes.
pub struct OpenStream {
    team: String,
    open: Arc<Mutex<HashMap<String, usize>>>,
}

impl Streams {
    /// So many of one team, so many of all.
    pub fn new(of_team: usize, all: usize) -> Self {
        Self {
            of_team,
            all,
            open: Arc::default(),
        }
    }

    /// Takes a place, or refuses.
    pub fn open(&self, team: &str) -> Answer<OpenStream> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = open.values().sum();
        let own = open.get(team).copied().unwrap_or_default();
        if own >= self.of_team || all >= self.all {
            let text = format!("{own} event streams of this team are open: close one, or try again later");
            let mut error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_STREAMS", text);
            error.retry_after = Some(5);
            return Err(error);
        }
        open.insert(team.to_owned(), own + 1);
        Ok(OpenStream {
            team: team.to_owned(),
            open: self.open.clone(),
        })
    }

    /// How many are open.
    pub fn count(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get_mut(&self.team) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(open.remove(&self.team)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Streams;

    #[test]
    fn places_are_limited_and_come_back() {
        let streams = Streams::new(2, 3);
        let (a, b) = (streams.open("a").unwrap(), streams.open("a").unwrap());
        assert!(streams.open("a").is_err());
        let _c = streams.open("b").unwrap();
        assert!(streams.open("c").is_err(), "three of all");
        drop(a);
        drop(b);
        assert_eq!(streams.count(), 1);
        streams.open("a").unwrap();
    }
}
