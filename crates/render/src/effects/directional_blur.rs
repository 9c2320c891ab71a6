//! Directional Blur: three box blurs along a line.

use super::remap::grown;
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::blur::{self, BoxBlur, Edges};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Motion Blur"],
    read: |p| Box::new(DirectionalBlur::read(p)),
};

/// Radius of each of the three boxes for a length of 1, pixels. Measured on After Effects' output by others.
const RADIUS: f64 = 0.369;
/// Longest box, pixels to each side.
const LONGEST: f64 = 2000.0;

struct DirectionalBlur {
    /// Along the line, in the layer; as long as a box's radius.
    along: [f64; 2],
}

/// A blur along a line that takes `slant` steps to the side for every step along its main axis.
struct Line {
    boxes: BoxBlur,
    slant: f64,
    /// Where lines cross their own row or column, along the main axis: the layer's origin, so that pieces are alike.
    anchor: f64,
    /// Its main axis is y.
    upright: bool,
}

impl DirectionalBlur {
    fn read(p: &Parameters) -> Self {
        // Degrees clockwise from straight up.
        let angle = (p.number(1, 90.0) % 360.0).to_radians();
        let radius = p.number(2, 10.0).max(0.0) * RADIUS;
        Self {
            along: [libm::sin(angle) * radius, -libm::cos(angle) * radius],
        }
    }

    fn line(&self, space: &Space) -> Line {
        let [x, y] = [self.along[0] * space.scale[0], self.along[1] * space.scale[1]];
        let upright = y.abs() > x.abs();
        let (main, side) = if upright { (y, x) } else { (x, y) };
        let slant = if main == 0.0 { 0.0 } else { side / main };
        // Whole steps stay whole.
        let slant = if (slant - slant.round()).abs() < 1e-4 {
            slant.round()
        } else {
            slant
        };
        Line {
            boxes: BoxBlur::boxes(main.abs().min(LONGEST), 3),
            slant,
            anchor: space.origin[usize::from(upright)].floor().clamp(-1e6, 1e6),
            upright,
        }
    }
}

impl Line {
    fn reach(&self, rect: IRect) -> IRect {
        let along = f64::from(self.boxes.reach());
        let side = if self.slant == 0.0 {
            0.0
        } else {
            along * self.slant.abs() + 1.0
        };
        grown(rect, if self.upright { [side, along] } else { [along, side] })
    }

    fn blurs(&self) -> [BoxBlur; 2] {
        if self.upright {
            [BoxBlur::NONE, self.boxes]
        } else {
            [self.boxes, BoxBlur::NONE]
        }
    }

    /// How far what is at `a` along the main axis is moved.
    fn shift(&self, a: i32) -> f64 {
        (f64::from(a) - self.anchor) * self.slant
    }

    /// The pixels of the slanted picture that `rect` comes from.
    fn slanted(&self, rect: IRect) -> IRect {
        let (a0, a1) = if self.upright {
            (rect.y0, rect.y1)
        } else {
            (rect.x0, rect.x1)
        };
        let shifts = [a0, a1].map(|a| self.shift(a));
        let low = shifts[0].max(shifts[1]).ceil() as i32 + 1;
        let high = shifts[0].min(shifts[1]).floor() as i32 - 1;
        if self.upright {
            IRect::new(rect.x0 - low, rect.y0, rect.x1 - high, rect.y1)
        } else {
            IRect::new(rect.x0, rect.y0 - low, rect.x1, rect.y1 - high)
        }
    }
}

/// Shifts every row or column sideways, so that lines become upright or level, or (`back`) as they were; pixels are mixed
/// of two.
fn slant(input: &Raster, line: &Line, back: bool, into: &mut Raster) {
    let rect = into.rect();
    let source = input.rect();
    // For a coordinate along the axis: whole steps and a share of 256 of the next.
    let step = |a: i32| {
        let shift = if back { -line.shift(a) } else { line.shift(a) };
        let whole = shift.floor();
        (whole as i32, ((shift - whole) * 256.0).round() as u32)
    };
    let steps: Vec<(i32, u32)> = if line.upright {
        Vec::new()
    } else {
        (rect.x0..rect.x1).map(step).collect()
    };
    let mixed = |a: [u8; 4], b: [u8; 4], share: u32| {
        let mut out = [0; 4];
        for i in 0..4 {
            out[i] = ((u32::from(a[i]) * (256 - share) + u32::from(b[i]) * share + 128) >> 8) as u8;
        }
        out
    };
    for (y, row) in into.rows_mut() {
        if line.upright {
            if y < source.y0 || y >= source.y1 {
                continue;
            }
            let (shift, share) = step(y);
            let from = input.row(y);
            let get = |x: i32| {
                if x < source.x0 || x >= source.x1 {
                    [0; 4]
                } else {
                    from[(x - source.x0) as usize]
                }
            };
            for (x, pixel) in (rect.x0..).zip(row) {
                *pixel = mixed(get(x + shift), get(x + shift + 1), share);
            }
        } else {
            for ((x, pixel), (shift, share)) in (rect.x0..).zip(row).zip(&steps) {
                let at = y + shift;
                *pixel = mixed(input.pixel(x, at), input.pixel(x, at + 1), *share);
            }
        }
    }
}

impl Draws for DirectionalBlur {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        self.line(space).reach(ink)
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        self.line(space).reach(out)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let line = self.line(&stage.space);
        if line.slant == 0.0 || line.boxes.is_nothing() || input.rect().is_empty() || out.is_empty() {
            return blur::picture(input, &line.blurs(), Edges::Transparent, out, stage);
        }
        // Lines become rows or columns, which are blurred in a time that does not depend on the length.
        let mut rows = stage.raster(line.slanted(input.rect()));
        slant(&input, &line, false, &mut rows);
        stage.give(input);
        let blurred = blur::picture(rows, &line.blurs(), Edges::Transparent, line.slanted(out), stage);
        let mut picture = stage.raster(out);
        slant(&blurred, &line, true, &mut picture);
        stage.give(blurred);
        picture
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACE: Space = Space {
        size: [100.0, 100.0],
        scale: [1.0, 1.0],
        origin: [0.0, 0.0],
    };

    fn line(x: f64, y: f64) -> Line {
        DirectionalBlur { along: [x, y] }.line(&SPACE)
    }

    #[test]
    fn lines_follow_the_direction() {
        let level = line(7.0, 0.0);
        assert_eq!(
            (level.slant, level.upright, level.reach(IRect::new(0, 0, 1, 1))),
            (0.0, false, IRect::new(-21, 0, 22, 1))
        );
        let diagonal = line(5.0, -5.0);
        assert_eq!((diagonal.slant, diagonal.upright), (-1.0, false));
        let steep = line(2.0, -4.0);
        assert_eq!((steep.slant, steep.upright), (-0.5, true));
        assert!(line(0.0, 0.0).boxes.is_nothing());
    }

    #[test]
    fn slanting_there_and_back_by_whole_steps_changes_nothing() {
        use crate::surface::Pool;
        let mut pool = Pool::default();
        let rect = IRect::new(3, 5, 9, 12);
        let mut input = Raster::new(pool.buffer(rect));
        for (i, pixel) in input.pixels_mut().iter_mut().enumerate() {
            *pixel = [i as u8, 2 * i as u8, 7, 200];
        }
        for upright in [false, true] {
            let line = Line {
                boxes: BoxBlur::NONE,
                slant: -1.0,
                anchor: 4.0,
                upright,
            };
            let mut rows = Raster::new(pool.buffer(line.slanted(rect)));
            slant(&input, &line, false, &mut rows);
            let mut back = Raster::new(pool.buffer(rect));
            slant(&rows, &line, true, &mut back);
            assert_eq!(back.pixels(), input.pixels());
        }
    }
}
