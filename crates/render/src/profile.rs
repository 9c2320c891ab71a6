//! How long what takes, for people who make templates.
//!
//! Time goes to the innermost layer or effect at work, so that the times of all add up. Where nobody asks, it costs a look
//! at an empty option for each group drawn.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Time since any fixed moment: drawing has no clock of its own.
pub type Clock = fn() -> Duration;

/// Gathers how long the frames of a [`Sequence`](crate::sequence::Sequence) take, from all its threads.
pub struct Profile {
    clock: Clock,
    times: Mutex<Times>,
}

/// How long what took, summed over all threads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Frames delivered.
    pub frames: u32,
    /// Those of them that were drawn; the others were the same as the one before.
    pub drawn: u32,
    /// Evaluation.
    pub evaluate: Duration,
    /// Drawing, by the `origin` of groups and effects; 0 is what belongs to none: clearing the picture.
    pub draw: BTreeMap<u32, Duration>,
    /// Making of pictures what is delivered.
    pub develop: Duration,
    /// Delivery; also waiting for whoever takes the frames.
    pub deliver: Duration,
}

impl Times {
    fn add(&mut self, other: &Self) {
        self.frames += other.frames;
        self.drawn += other.drawn;
        self.evaluate += other.evaluate;
        self.develop += other.develop;
        self.deliver += other.deliver;
        for (origin, time) in &other.draw {
            *self.draw.entry(*origin).or_default() += *time;
        }
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Profile({:?})", self.times())
    }
}

impl Profile {
    /// A profile that goes by `clock`.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            times: Mutex::default(),
        }
    }

    /// What was gathered so far; all of it once the sequence has ended.
    pub fn times(&self) -> Times {
        self.times.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes what a meter gathered.
    pub(crate) fn add(&self, meter: Option<Meter>) {
        let Some(mut meter) = meter else { return };
        for (origin, time) in (0..).zip(&meter.own) {
            if !time.is_zero() {
                meter.times.draw.insert(origin, *time);
            }
        }
        self.times
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .add(&meter.times);
    }

    /// A meter for one thread, to be given back with [`Profile::add`].
    pub(crate) fn meter(&self) -> Meter {
        Meter {
            clock: self.clock,
            times: Times::default(),
            own: Vec::new(),
            open: Vec::new(),
            at: 0,
            since: Duration::ZERO,
        }
    }
}

/// Measures on one thread.
#[derive(Debug)]
pub(crate) struct Meter {
    clock: Clock,
    times: Times,
    /// Drawing by origin.
    own: Vec<Duration>,
    /// What goes on after what is being drawn.
    open: Vec<u32>,
    /// What is being drawn, and since when.
    at: u32,
    since: Duration,
}

/// What is not drawing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    Evaluate,
    Develop,
    Deliver,
}

impl Meter {
    fn now(&self) -> Duration {
        (self.clock)()
    }

    fn switch(&mut self, to: u32) {
        let now = self.now();
        let at = self.at as usize;
        if self.own.len() <= at {
            self.own.resize(at + 1, Duration::ZERO);
        }
        self.own[at] += now.saturating_sub(self.since);
        (self.at, self.since) = (to, now);
    }

    /// From here on `origin` is being drawn; 0 goes on with what was.
    pub fn enter(&mut self, origin: u32) {
        self.open.push(self.at);
        if origin != 0 {
            self.switch(origin);
        }
    }

    /// Goes back to what was drawn before the last [`Meter::enter`].
    pub fn leave(&mut self) {
        let before = self.open.pop().unwrap_or(0);
        if before != self.at {
            self.switch(before);
        }
    }

    /// A frame is drawn from here on.
    pub fn start_frame(&mut self) {
        self.open.clear();
        (self.at, self.since) = (0, self.now());
    }

    /// The frame is drawn.
    pub fn end_frame(&mut self) {
        self.switch(0);
        self.times.drawn += 1;
    }
}

/// Does something, and measures it if somebody asks.
pub(crate) fn measured<T>(meter: &mut Option<Meter>, work: Work, f: impl FnOnce() -> T) -> T {
    let Some(meter) = meter else { return f() };
    let since = meter.now();
    let result = f();
    let time = meter.now().saturating_sub(since);
    match work {
        Work::Evaluate => meter.times.evaluate += time,
        Work::Develop => meter.times.develop += time,
        Work::Deliver => {
            meter.times.deliver += time;
            meter.times.frames += 1;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local!(static NOW: Cell<u64> = const { Cell::new(0) });

    fn pass(seconds: u64) {
        NOW.set(NOW.get() + seconds);
    }

    #[test]
    fn time_goes_to_the_innermost_and_adds_up() {
        let profile = Profile::new(|| Duration::from_secs(NOW.get()));
        let mut meter = Some(profile.meter());
        measured(&mut meter, Work::Evaluate, || pass(1));
        let mut meter = meter.unwrap();
        meter.start_frame();
        pass(2);
        meter.enter(7);
        pass(4);
        meter.enter(0);
        pass(8);
        meter.enter(9);
        pass(16);
        meter.leave();
        pass(32);
        meter.leave();
        meter.leave();
        pass(64);
        meter.end_frame();
        pass(1000);
        profile.add(Some(meter));
        let times = profile.times();
        let seconds: Vec<_> = times.draw.iter().map(|(origin, t)| (*origin, t.as_secs())).collect();
        assert_eq!(seconds, [(0, 2 + 64), (7, 4 + 8 + 32), (9, 16)]);
        assert_eq!((times.evaluate.as_secs(), times.drawn), (1, 1));
    }
}
