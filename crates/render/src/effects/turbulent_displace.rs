//! Turbulent Displace: the picture drawn here and there by soft noise.
//!
//! Strength, scale and pinning are as others measured them on After Effects' output; the noise itself is another.

use super::remap::{Beyond, grown, warp};
use super::turbulence::{Look, Turbulence};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Turbulent Displace"],
    read: |p| Box::new(TurbulentDisplace::read(p)),
};

/// How far from a pinned edge points move freely, in sizes of the turbulence.
const PIN: f64 = 0.84;
/// Makes slopes as strong as the noise itself.
const SLOPE: f64 = 0.848;

/// How the noise becomes a displacement: the menu Displacement without the smoother versions.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Turbulent,
    Bulge,
    Twist,
    Vertical,
    Horizontal,
    Cross,
}

struct TurbulentDisplace {
    kind: Kind,
    /// Pixels of the layer.
    far: f64,
    look: Look,
    offset: Option<[f64; 2]>,
    /// Edges that stay: left, top, right, bottom.
    pinned: [bool; 4],
    /// Nothing moves along them either.
    locked: bool,
    resize: bool,
}

impl TurbulentDisplace {
    fn read(p: &Parameters) -> Self {
        let size = p.number(3, 100.0).clamp(2.0, 1000.0);
        let pinning = p.menu(12, 3);
        let locked = pinning >= 11;
        let cycle = p.number(9, 1.0).round().clamp(1.0, 88.0);
        Self {
            kind: match p.menu(1, 1) {
                2 | 6 => Kind::Bulge,
                3 | 7 => Kind::Twist,
                9 => Kind::Vertical,
                10 => Kind::Horizontal,
                11 => Kind::Cross,
                _ => Kind::Turbulent,
            },
            far: p.number(2, 50.0).clamp(-10_000.0, 10_000.0) / 100.0 * size,
            look: Look {
                size,
                complexity: p.number(5, 1.0).clamp(1.0, 10.0),
                evolution: p.number(6, 0.0) / 360.0,
                cycle: p.flag(8, false).then_some(cycle),
                seed: p.number(10, 0.0).round().clamp(0.0, 100_000.0) as u32,
            },
            offset: p.point(4),
            pinned: match if locked { pinning - 8 } else { pinning } {
                3 => [true; 4],
                4 => [false, true, false, true],
                5 => [true, false, true, false],
                6 => [true, false, false, false],
                7 => [false, false, true, false],
                8 => [false, true, false, false],
                9 => [false, false, false, true],
                _ => [false; 4],
            },
            locked,
            resize: p.flag(13, false),
        }
    }

    /// How freely a point of the layer moves in x and y, 0..1.
    fn free(&self, [x, y]: [f64; 2], [w, h]: [f64; 2]) -> [f64; 2] {
        let reach = PIN * self.look.size;
        let ramp = |pinned: bool, distance: f64| {
            if !pinned {
                return 1.0;
            }
            let t = (distance / reach).clamp(0.0, 1.0);
            t * t * (3.0 - 2.0 * t)
        };
        let [left, top, right, bottom] = self.pinned;
        let across = ramp(left, x) * ramp(right, w - x);
        let down = ramp(top, y) * ramp(bottom, h - y);
        if self.locked {
            [across * down; 2]
        } else {
            [across, down]
        }
    }

    fn reached(&self, rect: IRect, space: &Space) -> IRect {
        // Splines stay within their numbers, slopes nearly.
        grown(rect, space.scale.map(|s| s * self.far.abs() * 1.2 + 1.0))
    }
}

impl Draws for TurbulentDisplace {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        let reached = self.reached(ink, space);
        if self.resize || ink.is_empty() {
            reached
        } else {
            reached.intersect(space.frame_pixels().union(ink))
        }
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        self.reached(out, space)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        if self.far == 0.0 || out.is_empty() {
            return stage.fit(input, out);
        }
        let space = stage.space;
        let [ox, oy] = self.offset.unwrap_or(space.center());
        let corner = |x: i32, y: i32| {
            let [x, y] = space.unpoint([f64::from(x), f64::from(y)]);
            [x - ox, y - oy]
        };
        // One pixel more: neighbours are looked at.
        let (from, to) = (corner(out.x0 - 1, out.y0 - 1), corner(out.x1 + 1, out.y1 + 1));
        let smallest = 1.0 / space.length(1.0).max(1e-9);
        let noise = |channel| Turbulence::new(&self.look, channel, from, to, smallest);
        let first = noise(0);
        let second = if self.kind == Kind::Turbulent {
            noise(1)
        } else {
            Turbulence::none()
        };
        warp(input, Beyond::Transparent, out, stage, |[x, y]| {
            let (u, v) = (x - ox, y - oy);
            let [value, dx, dy] = first.at(u, v);
            let [mx, my] = match self.kind {
                Kind::Turbulent => [value, second.at(u, v)[0]],
                Kind::Bulge => [dx * SLOPE, dy * SLOPE],
                Kind::Twist => [-dy * SLOPE, dx * SLOPE],
                Kind::Vertical => [0.0, value],
                Kind::Horizontal => [value, 0.0],
                Kind::Cross => [value, value],
            };
            let [fx, fy] = self.free([x, y], space.size);
            [x + mx * self.far * fx, y + my * self.far * fy]
        })
    }
}
