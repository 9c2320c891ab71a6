//! Which frames of a composition are drawn.

use crate::stage::Stage;

/// Which frames, counted from 0 at the composition's start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Frames {
    /// The work area; everything where the composition has none.
    #[default]
    WorkArea,
    /// Everything.
    All,
    /// First and last, both included.
    Range(u32, u32),
    /// Exactly these, in this order.
    List(Vec<u32>),
}

/// Frames asked for that are not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FramesError {
    /// One of them is past the end.
    #[error("there is no frame {frame}; the composition has frames 0 to {last}")]
    Beyond {
        /// The first one that is not there.
        frame: u32,
        /// The last one that is.
        last: u32,
    },
    /// None at all.
    #[error("no frames: the range from {0} to {1} is empty")]
    Empty(u32, u32),
}

impl Frames {
    /// The numbers of the frames, in the order they are drawn.
    pub(crate) fn resolve(&self, stage: &Stage) -> Result<Vec<u32>, FramesError> {
        self.within(stage.scene.frame_count(), stage.work_area)
    }

    fn within(&self, count: u32, (start, end): (u32, u32)) -> Result<Vec<u32>, FramesError> {
        let last = count.saturating_sub(1);
        let check = |frame: u32| match frame {
            _ if frame > last => Err(FramesError::Beyond { frame, last }),
            _ => Ok(frame),
        };
        match self {
            Self::WorkArea => Ok((start..end).collect()),
            Self::All => Ok((0..count).collect()),
            Self::Range(first, last) if first > last => Err(FramesError::Empty(*first, *last)),
            Self::Range(first, last) => {
                check(*last)?;
                Ok((*first..=*last).collect())
            }
            Self::List(frames) => frames.iter().map(|&frame| check(frame)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_those_asked_for_or_an_error_that_says_what_there_is() {
        let of = |frames: Frames| frames.within(10, (2, 5));
        assert_eq!(of(Frames::WorkArea).unwrap(), [2, 3, 4]);
        assert_eq!(of(Frames::All).unwrap().len(), 10);
        assert_eq!(of(Frames::Range(8, 9)).unwrap(), [8, 9]);
        assert_eq!(of(Frames::List(vec![9, 0, 9])).unwrap(), [9, 0, 9]);
        assert_eq!(
            of(Frames::List(vec![3, 10])).unwrap_err().to_string(),
            "there is no frame 10; the composition has frames 0 to 9"
        );
        assert!(of(Frames::Range(0, 4_000_000_000)).is_err());
        assert!(of(Frames::Range(5, 4)).is_err());
    }
}
