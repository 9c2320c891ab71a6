//! How far nodes reach.

use kurbo::{Point, Rect};

use crate::frame::{Node, PathStyle, Projection};

/// A rectangle around all that nodes draw, in the space they are in; `None` when they draw nothing. Not the smallest:
/// control points of curves count, and masks and mattes do not.
pub(crate) fn extent(nodes: &[Node]) -> Option<Rect> {
    let mut all: Option<Rect> = None;
    for node in nodes {
        if let Some(rect) = node_extent(node).filter(Rect::is_finite) {
            all = Some(all.map_or(rect, |all| all.union(rect)));
        }
    }
    all
}

fn node_extent(node: &Node) -> Option<Rect> {
    match node {
        Node::Group(group) => {
            let inside = match group.clip {
                Some(clip) => clip,
                None => extent(&group.children)?,
            };
            match group.projection {
                Some(projection) => projection.bounds(inside),
                None => Some(group.transform.transform_rect_bbox(inside)),
            }
        }
        Node::Path(path) => {
            let bounds = path.outline.bounds?;
            let pen = match &path.style {
                PathStyle::Fill(_) => 0.0,
                PathStyle::Stroke(stroke) => stroke.width.max(0.0) / 2.0,
            };
            Some(path.transform.transform_rect_bbox(bounds.inflate(pen, pen)))
        }
        Node::Image(image) => {
            let [width, height] = image.size;
            Some(image.transform.transform_rect_bbox(Rect::new(0.0, 0.0, width, height)))
        }
    }
}

/// The corners of a rectangle, in order.
pub(crate) fn corners(rect: Rect) -> [Point; 4] {
    [
        (rect.x0, rect.y0),
        (rect.x1, rect.y0),
        (rect.x1, rect.y1),
        (rect.x0, rect.y1),
    ]
    .map(Point::from)
}

/// How far a map takes the corners of a rectangle from where another does, pixels; a corner that only one of them shows
/// goes nowhere.
pub(crate) fn way(from: &Projection, to: &Projection, rect: Rect) -> f64 {
    corners(rect)
        .into_iter()
        .filter_map(|corner| Some((from.point(corner)?, to.point(corner)?)))
        .map(|(a, b)| (b - a).hypot())
        .fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use filmpress_composition::{BlendingMode, LineCap, LineJoin};
    use kurbo::Affine;

    use super::*;
    use crate::frame::{GroupParts, Outline, Paint, Path, StrokeStyle};

    fn line() -> Node {
        let style = PathStyle::Stroke(StrokeStyle {
            width: 4.0,
            cap: LineCap::Butt,
            join: LineJoin::Miter,
            miter_limit: 4.0,
            dashes: Vec::new(),
            dash_offset: 0.0,
            profile: None,
        });
        let outline = Outline::rect(Rect::new(10.0, 10.0, 20.0, 30.0));
        Node::Path(Path::new(
            outline,
            Affine::scale(2.0),
            style,
            Paint::Solid([1.0; 4]),
            1.0,
            BlendingMode::Normal,
        ))
    }

    fn group(change: impl FnOnce(&mut GroupParts)) -> Node {
        let mut parts = GroupParts {
            children: vec![line()],
            ..GroupParts::default()
        };
        change(&mut parts);
        Node::Group(parts.build())
    }

    #[test]
    fn strokes_transforms_and_clips_count() {
        assert_eq!(extent(&[]), None);
        assert_eq!(extent(&[line()]), Some(Rect::new(16.0, 16.0, 44.0, 64.0)));
        let moved = group(|parts| parts.transform = Affine::translate((100.0, 0.0)));
        assert_eq!(extent(&[line(), moved]), Some(Rect::new(16.0, 16.0, 144.0, 64.0)));
        let clipped = group(|parts| parts.clip = Some(Rect::new(0.0, 0.0, 5.0, 5.0)));
        assert_eq!(extent(&[clipped]), Some(Rect::new(0.0, 0.0, 5.0, 5.0)));
    }

    #[test]
    fn the_way_is_that_of_the_corner_that_goes_furthest() {
        let rect = Rect::new(0.0, 0.0, 10.0, 10.0);
        let still = Projection::IDENTITY;
        let twice = Projection::from(Affine::scale(2.0));
        assert!((way(&still, &twice, rect) - 200f64.sqrt()).abs() < 1e-12);
        assert_eq!(way(&still, &Projection::NOTHING, rect), 0.0);
    }
}
