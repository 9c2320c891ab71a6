//! Layers.

use crate::{BlendingMode, EssentialProperty, Group, ItemId};

/// Identifies a layer in its composition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LayerId(pub u32);

/// Kinds of light.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are After Effects' own")]
pub enum LightKind {
    Parallel,
    Spot,
    Point,
    Ambient,
    Environment,
}

/// What a layer shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LayerKind {
    /// An item of the project: composition, solid, footage.
    Av(ItemId),
    /// Nothing: a parent for others.
    Null,
    /// Text.
    Text,
    /// Shapes.
    Shape,
    /// A camera.
    Camera,
    /// A light.
    Light(LightKind),
    /// Sound only.
    Audio(Option<ItemId>),
    /// Something this version does not know (a 3D model, say).
    Unknown,
}

/// Which channel of the matte layer is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatteKind {
    /// The matte's alpha.
    Alpha,
    /// The matte's luminance times its alpha.
    Luma,
}

/// A track matte: another layer that decides where this one shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TrackMatte {
    /// The layer that is the matte (readers resolve "the layer above" to its id).
    pub layer: LayerId,
    /// Which channel.
    pub kind: MatteKind,
    /// Whether the channel is inverted.
    pub inverted: bool,
}

/// How a layer turns by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AutoOrient {
    /// It does not.
    #[default]
    Off,
    /// Along the path of its position.
    AlongPath,
    /// Towards the camera.
    TowardsCamera,
    /// Towards its point of interest (two-node cameras and lights).
    TowardsPointOfInterest,
    /// Each character by itself towards the camera (text with per-character 3D).
    CharactersTowardsCamera,
}

/// How carefully a layer's pixels are sampled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are After Effects' own")]
pub enum Quality {
    Wireframe,
    Draft,
    #[default]
    Best,
    BestBicubic,
}

/// The switches of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switches {
    /// The eye. A hidden layer is not drawn but can be a matte.
    pub enabled: bool,
    /// The loudspeaker.
    pub audio: bool,
    /// Effects on.
    pub effects: bool,
    /// Motion blur.
    pub motion_blur: bool,
    /// A 3D layer.
    pub three_d: bool,
    /// An adjustment layer.
    pub adjustment: bool,
    /// A guide layer: never rendered.
    pub guide: bool,
    /// Collapse transformations (compositions) or continuously rasterise (vectors).
    pub collapse: bool,
    /// Shows in the previews only what is soloed; kept for inspection, ignored when rendering.
    pub solo: bool,
    /// Hidden from the timeline only.
    pub shy: bool,
    /// Locked against editing.
    pub locked: bool,
    /// Frame blending.
    pub frame_blending: bool,
    /// Frame blending by pixel motion instead of frame mix.
    pub pixel_motion: bool,
    /// Per-character 3D of a text layer.
    pub per_character_3d: bool,
    /// An environment layer: surrounds the 3D scene and is seen in reflections.
    pub environment: bool,
    /// The layer's markers are locked.
    pub markers_locked: bool,
    /// Only shows where something below shows.
    pub preserve_transparency: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            enabled: true,
            audio: true,
            effects: true,
            motion_blur: false,
            three_d: false,
            adjustment: false,
            guide: false,
            collapse: false,
            solo: false,
            shy: false,
            locked: false,
            frame_blending: false,
            pixel_motion: false,
            per_character_3d: false,
            environment: false,
            markers_locked: false,
            preserve_transparency: false,
        }
    }
}

/// A layer of a composition.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Unique in its composition.
    pub id: LayerId,
    /// The name shown: the one the designer set, else the source's (or After Effects' automatic one).
    pub name: String,
    /// Whether the designer set the name.
    pub name_is_set: bool,
    /// What it shows.
    pub kind: LayerKind,
    /// Its switches.
    pub switches: Switches,
    /// Sampling quality.
    pub quality: Quality,
    /// Composition time at which the source's time 0 shows, seconds; may be negative.
    pub start_time: f64,
    /// First moment shown, composition time in seconds.
    pub in_point: f64,
    /// First moment no longer shown, composition time in seconds.
    pub out_point: f64,
    /// How much longer than its source it lasts; 1 = 100 %, negative = backwards. Never 0.
    pub stretch: f64,
    /// The layer whose transform this one's is relative to.
    pub parent: Option<LayerId>,
    /// Its blending mode.
    pub blending_mode: BlendingMode,
    /// Its track matte.
    pub track_matte: Option<TrackMatte>,
    /// How it turns by itself.
    pub auto_orient: AutoOrient,
    /// All its properties: `ADBE Transform Group`, `ADBE Mask Parade`, `ADBE Effect Parade`, `ADBE Root Vectors Group`,
    /// `ADBE Text Properties`, ... Groups a kind of layer must have are present.
    pub properties: Group,
    /// Layer markers, in layer time.
    pub markers: Vec<crate::Marker>,
    /// Number of its label colour, 0 (none) to 16.
    pub label: u8,
    /// The designer's comment.
    pub comment: String,
    /// What its group of Essential Properties means: values it shows its composition with, by the controls of that
    /// composition's panel.
    pub essential_properties: Vec<EssentialProperty>,
}

impl Layer {
    /// A layer of the given kind that shows from 0 to `out_point` seconds, without properties.
    pub fn new(id: LayerId, name: impl Into<String>, kind: LayerKind, out_point: f64) -> Self {
        Self {
            id,
            name: name.into(),
            name_is_set: true,
            kind,
            switches: Switches::default(),
            quality: Quality::Best,
            start_time: 0.0,
            in_point: 0.0,
            out_point,
            stretch: 1.0,
            parent: None,
            blending_mode: BlendingMode::Normal,
            track_matte: None,
            auto_orient: AutoOrient::Off,
            properties: Group::new("ADBE AV Layer", "Layer"),
            markers: Vec::new(),
            label: 0,
            comment: String::new(),
            essential_properties: Vec::new(),
        }
    }

    /// Composition time to this layer's own time (unstretched, since its start).
    pub fn layer_time(&self, composition_time: f64) -> f64 {
        (composition_time - self.start_time) / self.stretch
    }

    /// Whether it shows at this composition time (in point included, out point not).
    pub fn is_active(&self, composition_time: f64) -> bool {
        // Times come from frame numbers and file fractions: allow for the last bits.
        composition_time >= self.in_point - 1e-6 && composition_time < self.out_point - 1e-6
    }

    /// The item it shows.
    pub fn source(&self) -> Option<ItemId> {
        match self.kind {
            LayerKind::Av(id) => Some(id),
            LayerKind::Audio(id) => id,
            _ => None,
        }
    }

    /// Moves the whole layer (in point, out point, contents) so that it starts at `start_time` seconds.
    pub fn set_start_time(&mut self, start_time: f64) {
        let by = start_time - self.start_time;
        self.start_time += by;
        self.in_point += by;
        self.out_point += by;
    }
}
