//! Compositions.

use crate::{EssentialGraphics, Layer, LayerId};

/// A marker of a composition or layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marker {
    /// When, in seconds: composition time for a composition's markers, layer time for a layer's.
    pub time: f64,
    /// How long, in seconds.
    pub duration: f64,
    /// The comment.
    pub comment: String,
    /// The chapter it begins.
    pub chapter: String,
    /// The address it leads to.
    pub url: String,
    /// The frame of that address (HTML) it leads to.
    pub frame_target: String,
    /// Name of the cue point.
    pub cue_point: String,
    /// Parameters of the cue point, name and value.
    pub parameters: Vec<(String, String)>,
    /// Number of its label colour, 0 (none) to 16.
    pub label: u8,
    /// Whether it protects its duration from being stretched when the composition is nested.
    pub protected_region: bool,
}

/// The part of a composition that renders by default in After Effects, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WorkArea {
    /// Where it starts.
    pub start: f64,
    /// How long it is.
    pub duration: f64,
}

/// A composition: layers over time. Frame 0 is at time 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Composition {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Width of a pixel over its height.
    pub pixel_aspect: f64,
    /// Frames per second.
    pub frame_rate: f64,
    /// Length in seconds.
    pub duration: f64,
    /// The time shown for frame 0, seconds; affects timecode only.
    pub display_start: f64,
    /// The work area; `None` is the whole composition.
    pub work_area: Option<WorkArea>,
    /// Background colour, RGB 0..1; films have it, pictures with alpha do not.
    pub background: [f64; 3],
    /// The motion blur switch of the composition.
    pub motion_blur: bool,
    /// Shutter angle in degrees, 0..720.
    pub shutter_angle: f64,
    /// Shutter phase in degrees.
    pub shutter_phase: f64,
    /// Samples of a frame with motion blur, where there is nothing to adapt to (3D layers, shapes, some effects).
    pub motion_blur_samples: u32,
    /// Most samples of a frame with motion blur, where their number follows the motion.
    pub motion_blur_limit: u32,
    /// The frame blending switch of the composition.
    pub frame_blending: bool,
    /// Shy layers are hidden from the timeline.
    pub hide_shy: bool,
    /// The draft 3D switch.
    pub draft_3d: bool,
    /// Match name of the 3D renderer: `ADBE Escher` (Classic), `ADBE Calder` (Advanced), `ADBE Ernst` (Cinema 4D),
    /// `ADBE Picasso` (ray-traced).
    pub renderer: String,
    /// How many pixels one pixel of a preview stands for, per axis: 1 is full resolution.
    pub resolution_factor: [u16; 2],
    /// Timecode is shown as drop-frame.
    pub drop_frame: bool,
    /// Keeps its own frame rate when nested.
    pub preserve_frame_rate: bool,
    /// Keeps its own resolution when nested.
    pub preserve_resolution: bool,
    /// Layers in stacking order, topmost first; index + 1 is After Effects' layer index.
    pub layers: Vec<Layer>,
    /// Composition markers sorted by time.
    pub markers: Vec<Marker>,
    /// Its Essential Graphics panel; `None` when there is nothing in it.
    pub essential_graphics: Option<EssentialGraphics>,
}

impl Default for Composition {
    fn default() -> Self {
        Self {
            width: 1920,
            height: 1080,
            pixel_aspect: 1.0,
            frame_rate: 30.0,
            duration: 0.0,
            display_start: 0.0,
            work_area: None,
            background: [0.0; 3],
            motion_blur: false,
            shutter_angle: 180.0,
            shutter_phase: -90.0,
            motion_blur_samples: 16,
            motion_blur_limit: 128,
            frame_blending: false,
            hide_shy: false,
            draft_3d: false,
            renderer: "ADBE Escher".to_owned(),
            resolution_factor: [1; 2],
            drop_frame: false,
            preserve_frame_rate: false,
            preserve_resolution: false,
            layers: Vec::new(),
            markers: Vec::new(),
            essential_graphics: None,
        }
    }
}

impl Composition {
    /// How many frames it has: the duration at the frame rate, rounded, at least 1.
    pub fn frame_count(&self) -> u32 {
        (self.duration * self.frame_rate)
            .round()
            .clamp(1.0, f64::from(u32::MAX)) as u32
    }

    /// The layer with this id.
    pub fn layer(&self, id: LayerId) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.id == id)
    }
}
