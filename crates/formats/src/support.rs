//! What is read of each format: the first part of `docs/compatibility.md`.
//!
//! To add a format: its line in [`FORMATS`], where [`crate::read`] got its own.

/// A template format.
#[derive(Clone, Copy, Debug)]
pub struct FormatSupport {
    /// Its name.
    pub name: &'static str,
    /// Extensions files of it usually have; they are recognised by content.
    pub extensions: &'static str,
    /// What is read.
    pub read: &'static str,
    /// What is not.
    pub not_read: &'static str,
}

/// Every format, in the order of the page.
pub const FORMATS: &[FormatSupport] = &[
    FormatSupport {
        name: "After Effects project",
        extensions: ".aep",
        read: "CS4 to 2026: items and folders, footage with its interpretation, compositions with their settings, markers \
               and Essential Graphics, all kinds of layers and switches, every property with its keyframes and expression",
        not_read: "render queue, proxies, guides, 3D model data",
    },
    FormatSupport {
        name: "After Effects project as XML",
        extensions: ".aepx",
        read: "the same",
        not_read: "the same",
    },
    FormatSupport {
        name: "Motion Graphics template",
        extensions: ".mogrt",
        read: "those made with After Effects: the project, its footage and fonts, the controls with the properties they \
               drive",
        not_read: "those made with Premiere Pro (refused)",
    },
    FormatSupport {
        name: "Zip archive",
        extensions: ".zip",
        read: "a project with footage and fonts beside it, wrapper folders, names in other encodings",
        not_read: "encrypted archives, links and names that lead outside (refused)",
    },
    FormatSupport {
        name: "Lottie",
        extensions: ".json",
        read: "layers, shapes, masks, mattes, texts with fonts or glyph shapes, images in the file or beside it, markers, \
               slots, effects, layer styles, expressions",
        not_read: "scripts",
    },
    FormatSupport {
        name: "dotLottie",
        extensions: ".lottie",
        read: "the manifest's first animation and its images",
        not_read: "themes, state machines",
    },
];
