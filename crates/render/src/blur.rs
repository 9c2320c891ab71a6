//! A smooth blur of single-channel planes: three box blurs, close to a Gaussian.

use crate::surface::Plane;

/// Scratch of blurs; reused.
#[derive(Debug, Default)]
pub(crate) struct BlurScratch {
    line: Vec<u8>,
    sums: Vec<u32>,
    copy: Vec<u8>,
}

/// Radii of three boxes that together have the given standard deviation.
fn radii(sigma: f64) -> [usize; 3] {
    // The ideal width is sqrt(12 sigma^2 / 3 + 1); use the odd widths around it.
    let ideal = (4.0 * sigma * sigma + 1.0).sqrt();
    let mut low = ideal.floor() as i64;
    if low % 2 == 0 {
        low -= 1;
    }
    let low = low.max(1);
    let l = low as f64;
    let small = ((12.0 * sigma * sigma - 3.0 * l * l - 12.0 * l - 9.0) / (-4.0 * l - 4.0)).round();
    std::array::from_fn(|i| {
        let width = if (i as f64) < small { low } else { low + 2 };
        ((width - 1) / 2) as usize
    })
}

/// Blurs `plane` by standard deviations in x and y, pixels; what lies outside counts as 0.
pub(crate) fn blur(plane: &mut Plane, sigmas: [f64; 2], scratch: &mut BlurScratch) {
    let (w, h) = (plane.rect.width(), plane.rect.height());
    if w == 0 || h == 0 {
        return;
    }
    if sigmas[0] > 0.0 {
        for radius in radii(sigmas[0]) {
            if radius > 0 {
                for row in plane.touch_all().chunks_exact_mut(w) {
                    scratch.line.clear();
                    scratch.line.extend_from_slice(row);
                    box_line(&scratch.line, row, radius);
                }
            }
        }
    }
    if sigmas[1] > 0.0 {
        for radius in radii(sigmas[1]) {
            if radius > 0 {
                box_columns(plane.touch_all(), w, h, radius, scratch);
            }
        }
    }
}

fn box_line(from: &[u8], to: &mut [u8], radius: usize) {
    let n = from.len();
    let width = 2 * radius as u32 + 1;
    let mut sum: u32 = from[..radius.min(n)].iter().map(|v| u32::from(*v)).sum();
    for i in 0..n {
        if let Some(v) = from.get(i + radius) {
            sum += u32::from(*v);
        }
        to[i] = ((sum + width / 2) / width) as u8;
        if i >= radius {
            sum -= u32::from(from[i - radius]);
        }
    }
}

fn box_columns(data: &mut [u8], w: usize, h: usize, radius: usize, scratch: &mut BlurScratch) {
    let width = 2 * radius as u32 + 1;
    scratch.copy.clear();
    scratch.copy.extend_from_slice(data);
    scratch.sums.clear();
    scratch.sums.resize(w, 0);
    let row = |y: usize| &scratch.copy[y * w..][..w];
    for y in 0..radius.min(h) {
        for (sum, v) in scratch.sums.iter_mut().zip(row(y)) {
            *sum += u32::from(*v);
        }
    }
    for y in 0..h {
        if y + radius < h {
            for (sum, v) in scratch.sums.iter_mut().zip(row(y + radius)) {
                *sum += u32::from(*v);
            }
        }
        for (out, sum) in data[y * w..][..w].iter_mut().zip(&scratch.sums) {
            *out = ((sum + width / 2) / width) as u8;
        }
        if y >= radius {
            for (sum, v) in scratch.sums.iter_mut().zip(row(y - radius)) {
                *sum -= u32::from(*v);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rect::IRect;
    use crate::surface::Pool;

    #[test]
    fn an_edge_becomes_the_normal_distribution() {
        let (w, h) = (101, 3);
        let mut plane = Pool::default().plane(IRect::new(0, 0, w, h));
        for (i, v) in plane.touch_all().iter_mut().enumerate() {
            *v = if i as i32 % w > 50 { 255 } else { 0 };
        }
        blur(&mut plane, [6.0, 0.0], &mut BlurScratch::default());
        // Half-way at the edge, about 84 % one deviation inside, 2.3 % two outside.
        let at = |x: usize| f32::from(plane.row(0, 0, 101)[x]) / 255.0;
        assert!((at(50) + at(51) - 1.0).abs() < 0.02);
        assert!((at(56) - 0.82).abs() < 0.03, "{}", at(56));
        assert!((at(38) - 0.02).abs() < 0.02, "{}", at(38));
    }

    #[test]
    fn deviations_are_kept() {
        for sigma in [0.6, 1.0, 3.3, 20.0, 77.0] {
            let variance: f64 = radii(sigma)
                .iter()
                .map(|r| {
                    let w = 2.0 * *r as f64 + 1.0;
                    (w * w - 1.0) / 12.0
                })
                .sum();
            assert!((variance.sqrt() - sigma).abs() < 0.25, "{sigma}: {}", variance.sqrt());
        }
    }
}
