//! Keyframes: records of fixed size (`ldat`), described by `lhd3`.
//!
//! The file keeps speed and influence; a [`Handle`] keeps how far the handle reaches along the value axis:
//! `speed * influence * interval`, in the property's units for numbers, as a fraction of the way for all others.

use filmpress_composition::{Handle, Interpolation, Keyframe, Value};

use super::property::Stream;
use super::units::Unit;
use crate::aep::raw::{Chunk, Fields};

/// How the ease of a property is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Axis {
    /// Each dimension by itself, in its units per second.
    Numbers,
    /// Along the motion path; the multipliers give each dimension its part in the path's length.
    Spatial([f64; 3]),
    /// Only the influences count.
    Color,
    /// Relative to constant speed: paths, gradients, orientations.
    Relative,
    /// Values only ever jump: texts, markers.
    Steps,
}

/// Speed and influence of one side of a keyframe, as stored.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Ease {
    pub speed: f64,
    pub influence: f64,
}

/// A keyframe as stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StoredKey {
    /// Seconds of layer time.
    pub time: f64,
    pub interpolation_in: Interpolation,
    pub interpolation_out: Interpolation,
    pub roving: bool,
    /// The ease follows from the neighbours.
    pub auto: bool,
    /// Empty where values are kept elsewhere.
    pub numbers: Vec<f64>,
    /// One a dimension for [`Axis::Numbers`], else one.
    pub ease_in: Vec<Ease>,
    pub ease_out: Vec<Ease>,
    pub tangent_in: [f64; 3],
    pub tangent_out: [f64; 3],
}

/// The keyframes of a property whose records hold `dimensions` numbers; sorted by time.
pub(super) fn read(tdbs: &Chunk<'_>, dimensions: usize, axis: Axis) -> Vec<StoredKey> {
    let Some(list) = tdbs.child_list(*b"list") else {
        return Vec::new();
    };
    let header = list.fields(*b"lhd3");
    let (count, size) = (header.u32(8) as usize, header.u32(0x10) as usize);
    let ticks_per_second = Stream::of(tdbs).ticks_per_second();
    let Some(data) = list.child(*b"ldat").filter(|_| size >= 8) else {
        return Vec::new();
    };
    let mut keys: Vec<StoredKey> = data
        .data
        .chunks_exact(size)
        .take(count)
        .map(|record| key(Fields(record), dimensions, axis, ticks_per_second))
        .collect();
    keys.sort_by(|a, b| a.time.total_cmp(&b.time));
    ease_automatically(&mut keys, axis);
    keys
}

/// Keyframes with the automatic ease pass with the average speed of the intervals around them; the ends rest on their
/// outer side. What the file keeps of such an ease may be old.
fn ease_automatically(keys: &mut [StoredKey], axis: Axis) {
    if keys.iter().all(|key| !key.auto) {
        return;
    }
    let ways: Vec<Vec<f64>> = keys.windows(2).map(|pair| way(pair, axis)).collect();
    let times: Vec<f64> = keys.iter().map(|key| key.time).collect();
    for (i, key) in keys.iter_mut().enumerate().filter(|(_, key)| key.auto) {
        let before = i.checked_sub(1).and_then(|b| Some((ways.get(b)?, times.get(b)?)));
        let after = ways.get(i).zip(times.get(i + 1));
        let from = before.map_or(key.time, |(_, time)| *time);
        let to = after.map_or(key.time, |(_, time)| *time);
        let eases: Vec<Ease> = (0..key.ease_in.len())
            .map(|dimension| {
                let part = |way: Option<(&Vec<f64>, &f64)>| {
                    way.and_then(|(way, _)| way.get(dimension).copied()).unwrap_or(0.0)
                };
                let speed = (part(before) + part(after)) / (to - from);
                Ease {
                    speed: if speed.is_finite() { speed } else { 0.0 },
                    influence: CHORD,
                }
            })
            .collect();
        let rest = vec![
            Ease {
                speed: 0.0,
                influence: CHORD
            };
            eases.len()
        ];
        key.ease_in = if before.is_some() { eases.clone() } else { rest.clone() };
        key.ease_out = if after.is_some() { eases } else { rest };
    }
}

/// How far the value goes between two keyframes, in what speeds are measured in: one number an ease.
fn way(pair: &[StoredKey], axis: Axis) -> Vec<f64> {
    let [a, b] = pair else { return Vec::new() };
    match axis {
        Axis::Numbers => b.numbers.iter().zip(&a.numbers).map(|(b, a)| b - a).collect(),
        Axis::Spatial(multipliers) => vec![path_length(a, b, multipliers)],
        Axis::Relative => vec![b.time - a.time],
        Axis::Color | Axis::Steps => vec![0.0],
    }
}

fn key(record: Fields<'_>, dimensions: usize, axis: Axis, ticks_per_second: f64) -> StoredKey {
    let n = dimensions;
    let numbers = |at: usize, n: usize| (0..n).map(|i| record.f64(at + 8 * i)).collect::<Vec<f64>>();
    let eases = |speed: usize, influence: usize, n: usize| {
        (0..n)
            .map(|i| Ease {
                speed: record.f64(speed + 8 * i),
                influence: record.f64(influence + 8 * i).clamp(0.0, 1.0),
            })
            .collect::<Vec<Ease>>()
    };
    let tangent = |at: usize| [0, 1, 2].map(|i| if i < n { record.f64(at + 8 * i) } else { 0.0 });
    let mut key = StoredKey {
        time: f64::from(record.i32(0)) / ticks_per_second,
        interpolation_in: interpolation(record.u8(4)),
        interpolation_out: interpolation(record.u8(5)),
        roving: record.bit(7, 5),
        auto: record.bit(7, 4),
        numbers: Vec::new(),
        ease_in: Vec::new(),
        ease_out: Vec::new(),
        tangent_in: [0.0; 3],
        tangent_out: [0.0; 3],
    };
    match axis {
        Axis::Steps => {}
        Axis::Numbers => {
            key.numbers = numbers(8, n);
            key.ease_in = eases(8 + 8 * n, 8 + 16 * n, n);
            key.ease_out = eases(8 + 24 * n, 8 + 32 * n, n);
        }
        Axis::Spatial(_) | Axis::Color | Axis::Relative => {
            key.ease_in = eases(0x18, 0x20, 1);
            key.ease_out = eases(0x28, 0x30, 1);
            key.numbers = numbers(0x38, n);
            if matches!(axis, Axis::Spatial(_)) {
                key.tangent_in = tangent(0x38 + 8 * n);
                key.tangent_out = tangent(0x38 + 16 * n);
            }
        }
    }
    key
}

fn interpolation(number: u8) -> Interpolation {
    match number {
        2 => Interpolation::Bezier,
        3 => Interpolation::Hold,
        _ => Interpolation::Linear,
    }
}

/// What After Effects takes for the handle of a side with constant speed, where the other side has an ease.
const CHORD: f64 = 1.0 / 6.0;

/// Stored keyframes with their converted values to keyframes in our units.
pub(super) fn finish(stored: &[StoredKey], values: Vec<Value>, axis: Axis, unit: Unit) -> Vec<Keyframe> {
    let mut keys: Vec<Keyframe> = stored
        .iter()
        .zip(values)
        .map(|(key, value)| {
            let tangent = |t: [f64; 3]| matches!(axis, Axis::Spatial(_)).then(|| unit.tangent(t));
            let at_rest = |way: Interpolation, eases: &[Ease]| match way {
                Interpolation::Bezier => eases.iter().map(|e| handle(e.influence, 0.0)).collect(),
                _ => Vec::new(),
            };
            Keyframe {
                interpolation_in: key.interpolation_in,
                interpolation_out: if axis == Axis::Steps {
                    Interpolation::Hold
                } else {
                    key.interpolation_out
                },
                ease_in: at_rest(key.interpolation_in, &key.ease_in),
                ease_out: at_rest(key.interpolation_out, &key.ease_out),
                tangent_in: tangent(key.tangent_in),
                tangent_out: tangent(key.tangent_out),
                roving: key.roving,
                ..Keyframe::linear(key.time, value)
            }
        })
        .collect();
    let pairs = stored.windows(2).zip(1..);
    for (pair, next) in pairs {
        let ([a, b], Some((before, after))) = (pair, keys.split_at_mut_checked(next)) else {
            continue;
        };
        if let (Some(left), Some(right)) = (before.last_mut(), after.first_mut()) {
            ease_interval(a, b, left, right, axis, unit);
        }
    }
    keys
}

fn handle(influence: f64, offset: f64) -> Handle {
    Handle { influence, offset }
}

/// Sets the handles between two keyframes.
fn ease_interval(a: &StoredKey, b: &StoredKey, left: &mut Keyframe, right: &mut Keyframe, axis: Axis, unit: Unit) {
    let (out, arrival) = (left.interpolation_out, right.interpolation_in);
    // Along a path and between colours a hold on either side keeps the value.
    let single = matches!(axis, Axis::Spatial(_) | Axis::Color);
    if arrival == Interpolation::Hold && single {
        left.interpolation_out = Interpolation::Hold;
        left.ease_out.clear();
        return;
    }
    let eased = out == Interpolation::Bezier || arrival == Interpolation::Bezier;
    if out == Interpolation::Hold || !eased {
        return;
    }
    let interval = b.time - a.time;
    let length = match axis {
        Axis::Spatial(multipliers) => path_length(a, b, multipliers),
        _ => 0.0,
    };
    let side = |way: Interpolation, eases: &[Ease]| -> Vec<Handle> {
        eases
            .iter()
            .enumerate()
            .map(|(i, ease)| {
                let chord = match axis {
                    Axis::Numbers => {
                        let at = |key: &StoredKey| key.numbers.get(i).copied().unwrap_or(0.0);
                        (at(b) - at(a)) * unit.factor(i)
                    }
                    _ => 1.0,
                };
                if way != Interpolation::Bezier {
                    return handle(CHORD, chord * CHORD);
                }
                let reach = ease.speed * ease.influence;
                let offset = match axis {
                    Axis::Numbers => reach * interval * unit.factor(i),
                    Axis::Spatial(_) if length > 0.0 => reach * interval / length,
                    Axis::Spatial(_) => ease.influence,
                    Axis::Relative => reach,
                    Axis::Color | Axis::Steps => 0.0,
                };
                handle(ease.influence, offset)
            })
            .collect()
    };
    left.ease_out = side(out, &a.ease_out);
    right.ease_in = side(arrival, &b.ease_in);
    left.interpolation_out = Interpolation::Bezier;
    right.interpolation_in = Interpolation::Bezier;
}

/// How many straight pieces a motion path is measured in.
const PIECES: u32 = 200;

/// Length of the motion path between two keyframes, in the unit speeds are stored in.
fn path_length(a: &StoredKey, b: &StoredKey, multipliers: [f64; 3]) -> f64 {
    let at = |key: &StoredKey, i: usize| key.numbers.get(i).copied().unwrap_or(0.0);
    let mut controls = [[0.0; 3]; 4];
    for (i, ((multiplier, out), arrival)) in multipliers.iter().zip(a.tangent_out).zip(b.tangent_in).enumerate() {
        let (from, to) = (at(a, i), at(b, i));
        for (control, x) in controls.iter_mut().zip([from, from + out, to + arrival, to]) {
            if let Some(part) = control.get_mut(i) {
                *part = x * multiplier;
            }
        }
    }
    let [p0, p1, p2, p3] = controls;
    let straight = a.tangent_out.iter().chain(&b.tangent_in).all(|t| *t == 0.0);
    if straight {
        return distance(p0, p3);
    }
    let mut length = 0.0;
    let mut last = p0;
    for piece in 1..=PIECES {
        let u = f64::from(piece) / f64::from(PIECES);
        let v = 1.0 - u;
        let [w0, w1, w2, w3] = [v * v * v, 3.0 * v * v * u, 3.0 * v * u * u, u * u * u];
        let mut point = [0.0; 3];
        for ((((x, a), b), c), d) in point.iter_mut().zip(p0).zip(p1).zip(p2).zip(p3) {
            *x = w0 * a + w1 * b + w2 * c + w3 * d;
        }
        length += distance(last, point);
        last = point;
    }
    length
}

fn distance([ax, ay, az]: [f64; 3], [bx, by, bz]: [f64; 3]) -> f64 {
    let (x, y, z) = (bx - ax, by - ay, bz - az);
    (x * x + y * y + z * z).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(time: f64, number: f64, way: Interpolation, ease: Ease) -> StoredKey {
        StoredKey {
            time,
            interpolation_in: way,
            interpolation_out: way,
            roving: false,
            auto: false,
            numbers: vec![number],
            ease_in: vec![ease],
            ease_out: vec![ease],
            tangent_in: [0.0; 3],
            tangent_out: [0.0; 3],
        }
    }

    const EASE: Ease = Ease {
        speed: 0.5,
        influence: 0.4,
    };

    fn finished(axis: Axis, unit: Unit, ways: [Interpolation; 2]) -> Vec<Keyframe> {
        let keys = vec![stored(1.0, 0.0, ways[0], EASE), stored(3.0, 0.6, ways[1], EASE)];
        let values = keys.iter().map(|k| unit.value(&k.numbers)).collect();
        finish(&keys, values, axis, unit)
    }

    #[test]
    fn numbers_reach_in_their_units() {
        let keys = finished(Axis::Numbers, Unit::Factors([100.0; 3]), [Interpolation::Bezier; 2]);
        // 0.5 a second over 0.4 of 2 seconds, as percent.
        assert_eq!(keys[0].ease_out, [handle(0.4, 40.0)]);
        assert_eq!(keys[1].ease_in, [handle(0.4, 40.0)]);
        assert_eq!(keys[1].value.as_number(), Some(60.0));
    }

    #[test]
    fn motion_reaches_along_the_path() {
        let keys = finished(Axis::Spatial([1.0; 3]), Unit::Plain, [Interpolation::Bezier; 2]);
        let offset = keys[0].ease_out[0].offset;
        assert!((offset - 0.4 / 0.6).abs() < 1e-12, "{offset}");
    }

    #[test]
    fn the_straight_side_of_an_ease_lies_on_the_chord() {
        use Interpolation::{Bezier, Linear};
        let keys = finished(Axis::Numbers, Unit::Plain, [Linear, Bezier]);
        assert_eq!(keys[0].interpolation_out, Bezier);
        assert!((keys[0].ease_out[0].offset - 0.1).abs() < 1e-12);
        let keys = finished(Axis::Numbers, Unit::Plain, [Linear, Linear]);
        assert_eq!(keys[0].interpolation_out, Linear);
        assert!(keys[0].ease_out.is_empty());
    }

    #[test]
    fn the_automatic_ease_follows_from_the_neighbours() {
        let key = |time: f64, number: f64, auto: bool| StoredKey {
            auto,
            ..stored(time, number, Interpolation::Bezier, Ease::default())
        };
        let mut keys = [key(0.0, 0.0, true), key(1.0, 3.0, true), key(3.0, 4.0, false)];
        ease_automatically(&mut keys, Axis::Numbers);
        assert_eq!(keys[1].ease_in, keys[1].ease_out);
        assert!((keys[1].ease_in[0].speed - 4.0 / 3.0).abs() < 1e-12);
        assert!((keys[1].ease_in[0].influence - CHORD).abs() < 1e-12);
        assert_eq!((keys[0].ease_in[0].speed, keys[0].ease_out[0].speed), (0.0, 3.0));
        assert_eq!(keys[2].ease_in[0], Ease::default(), "not automatic");
        // At one and the same time nothing has a speed.
        let mut keys = [key(1.0, 0.0, true), key(1.0, 3.0, true)];
        ease_automatically(&mut keys, Axis::Numbers);
        assert_eq!(keys[0].ease_out[0].speed, 0.0);
    }

    #[test]
    fn a_path_held_on_arrival_is_held() {
        use Interpolation::{Bezier, Hold};
        let keys = finished(Axis::Spatial([1.0; 3]), Unit::Plain, [Bezier, Hold]);
        assert_eq!(keys[0].interpolation_out, Hold);
        assert!(keys[0].ease_out.is_empty());
        let keys = finished(Axis::Numbers, Unit::Plain, [Bezier, Hold]);
        assert_eq!(keys[0].interpolation_out, Bezier);
    }

    #[test]
    fn hold_has_no_handles() {
        let keys = finished(Axis::Numbers, Unit::Plain, [Interpolation::Hold, Interpolation::Bezier]);
        assert_eq!(keys[0].interpolation_out, Interpolation::Hold);
        assert!(keys[0].ease_out.is_empty());
    }

    #[test]
    fn a_quarter_circle_has_its_length() {
        let k = 0.552_284_75;
        let mut a = stored(0.0, 0.0, Interpolation::Bezier, EASE);
        let mut b = a.clone();
        (a.numbers, b.numbers) = (vec![1.0, 0.0], vec![0.0, 1.0]);
        (a.tangent_out, b.tangent_in) = ([0.0, k, 0.0], [k, 0.0, 0.0]);
        let length = path_length(&a, &b, [1.0; 3]);
        assert!((length - std::f64::consts::FRAC_PI_2).abs() < 1e-3, "{length}");
    }
}
