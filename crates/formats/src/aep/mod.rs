//! After Effects projects: `.aep`, binary chunks ("RIFX"). `.aepx` is the same tree in XML and meets us at [`raw`].
//!
//! | step | file |
//! |---|---|
//! | bytes to a tree of chunks, one to one with the file | [`raw`] |
//! | chunks to a Project: ids resolved, defaults made explicit, units normalised | [`convert`] |
//!
//! To read one more thing: find its chunk, read it in the file of `convert` that owns its neighbours.

pub(crate) mod convert;
pub(crate) mod raw;
#[cfg(test)]
pub(crate) use filmpress_fixtures::aep as testing;

use filmpress_composition::{Project, Warned};

use crate::ReadError;

/// Reads the bytes of one `.aep` file. Damaged files are read as far as possible, with warnings.
pub fn read(bytes: &[u8]) -> Result<Warned<Project>, ReadError> {
    let mut raw = raw::rifx::read(bytes)?;
    let mut warnings = raw.warnings;
    let project = convert::project(&mut raw.value).unpack(&mut warnings);
    Ok(Warned::new(project, warnings))
}

#[cfg(test)]
mod tests {
    use filmpress_composition::{
        Group, GroupDetails, Interpolation, ItemId, ItemKind, Kind, Layer, LayerId, LayerKind, MatteKind, Project,
        TrackMatte, Value, schema,
    };

    use super::*;
    use filmpress_fixtures::aep::{
        LayerSettings, composition, constant, folder, group, keyed, leaf, list, project, rifx, solid, stream,
    };

    fn project_of(layers: &[Vec<u8>]) -> Project {
        let items = [
            composition(1, "Main", layers),
            folder(2, "Solids", &[solid(3, "Red Solid 1")]),
        ];
        let read = read(&project(&items)).unwrap();
        assert!(read.warnings.is_empty(), "{:?}", read.warnings);
        read.value
    }

    fn layers(chunks: &[Vec<u8>]) -> Vec<Layer> {
        project_of(chunks).composition(ItemId(1)).unwrap().layers.clone()
    }

    fn transform(children: &[(&str, Vec<u8>)]) -> (&'static str, Vec<u8>) {
        (schema::TRANSFORM, group(children))
    }

    fn vector(group: &Group, name: &str) -> Vec<f64> {
        group.property(name).unwrap().value.as_vector().unwrap().to_vec()
    }

    #[test]
    fn items_keep_their_folders_and_solids_their_names() {
        let project = project_of(&[]);
        let names: Vec<&str> = project.items.iter().map(|i| i.name.as_str()).collect();
        assert_eq!(names, ["Main", "Solids", "Red Solid 1"]);
        assert_eq!(project.items[2].folder, Some(ItemId(2)));
        let ItemKind::Solid(solid) = &project.items[2].kind else {
            panic!("no solid")
        };
        assert_eq!((solid.width, solid.height, solid.color), (100, 50, [1.0, 0.0, 0.0]));
        let main = project.composition(ItemId(1)).unwrap();
        assert_eq!(
            (main.width, main.height, main.frame_rate, main.duration),
            (400, 200, 25.0, 10.0)
        );
    }

    #[test]
    fn what_the_file_leaves_out_is_there() {
        let layer = layers(&[LayerSettings::new(7, 3).layer("", &[])]).remove(0);
        assert_eq!((layer.name.as_str(), layer.name_is_set), ("Red Solid 1", false));
        assert_eq!(layer.kind, LayerKind::Av(ItemId(3)));
        assert_eq!((layer.start_time, layer.in_point, layer.out_point), (1.0, 1.0, 3.0));
        let transform = layer.properties.group(schema::TRANSFORM).unwrap();
        assert_eq!(vector(transform, "ADBE Anchor Point"), [50.0, 25.0, 0.0]);
        assert_eq!(vector(transform, "ADBE Position"), [200.0, 100.0, 0.0]);
        assert_eq!(vector(transform, "ADBE Scale"), [100.0; 3]);
    }

    #[test]
    fn units_are_those_of_scripting() {
        let properties = [
            ("ADBE Anchor Point", constant(true, &[0.25, 1.0, 0.0])),
            ("ADBE Scale", constant(false, &[0.5, 2.0, 1.0])),
            ("ADBE Opacity", constant(false, &[0.25])),
        ];
        let layer = layers(&[LayerSettings::new(7, 3).layer("a", &[transform(&properties)])]).remove(0);
        let transform = layer.properties.group(schema::TRANSFORM).unwrap();
        assert_eq!(vector(transform, "ADBE Anchor Point"), [25.0, 50.0, 0.0]);
        assert_eq!(vector(transform, "ADBE Scale"), [50.0, 200.0, 100.0]);
        assert_eq!(vector(transform, "ADBE Opacity"), [25.0]);
    }

    #[test]
    fn keyframes_have_layer_times_and_handles() {
        // value, speed in, influence in, speed out, influence out
        let opacity = keyed(
            1,
            false,
            &[
                (-500, 2, 2, vec![0.0, 0.0, 0.3, 1.0, 0.5]),
                (500, 2, 3, vec![1.0, 0.0, 0.25, 0.0, 0.1]),
                (2000, 1, 1, vec![0.5, 0.0, 0.0, 0.0, 0.0]),
            ],
        );
        let layer =
            layers(&[LayerSettings::new(7, 3).layer("a", &[transform(&[("ADBE Opacity", opacity)])])]).remove(0);
        let group = layer.properties.group(schema::TRANSFORM).unwrap();
        let keys = &group.property("ADBE Opacity").unwrap().keyframes;
        assert_eq!(keys.iter().map(|k| k.time).collect::<Vec<_>>(), [-0.5, 0.5, 2.0]);
        assert_eq!((keys[0].ease_out[0].influence, keys[0].ease_out[0].offset), (0.5, 50.0));
        assert_eq!((keys[1].ease_in[0].influence, keys[1].ease_in[0].offset), (0.25, 0.0));
        assert_eq!(keys[1].interpolation_out, Interpolation::Hold);
        assert_eq!(keys[1].value, Value::number(100.0));
    }

    #[test]
    fn mattes_of_both_generations_are_found() {
        let old = |id: u32| {
            let mut settings = LayerSettings::new(id, 3);
            settings.0.truncate(160);
            settings
        };
        let matte = |layer: u32, inverted: bool| {
            Some(TrackMatte {
                layer: LayerId(layer),
                kind: MatteKind::Luma,
                inverted,
            })
        };
        let found = layers(&[
            old(10).byte(0x6B, 3).layer("on top, so without a matte", &[]),
            old(11).byte(0x6B, 4).layer("", &[]),
        ]);
        assert_eq!(found[0].track_matte, None);
        assert_eq!(found[1].track_matte, matte(10, true));
        let found = layers(&[
            LayerSettings::new(10, 3).byte(0x6B, 3).number(0xA0, 12).layer("", &[]),
            LayerSettings::new(11, 3).layer("", &[]),
            LayerSettings::new(12, 3).layer("", &[]),
        ]);
        assert_eq!(found[0].track_matte, matte(12, false));
    }

    #[test]
    fn stretched_and_reversed_layers_show_when_they_should() {
        let half = LayerSettings::new(7, 3).number(0x6C, 2).layer("", &[]);
        let reversed = LayerSettings::new(8, 3).number(8, u32::MAX).layer("", &[]);
        let found = layers(&[half, reversed]);
        assert_eq!(
            (found[0].stretch, found[0].in_point, found[0].out_point),
            (0.5, 1.0, 2.0)
        );
        assert_eq!(
            (found[1].stretch, found[1].in_point, found[1].out_point),
            (-1.0, -1.0 - 1.0 / 3000.0, 1.0 - 1.0 / 3000.0)
        );
        // Its first frame shows the source just before the end.
        let shown = found[1].layer_time(-1.0);
        assert!(shown < 2.0 && shown > 1.999, "{shown}");
    }

    #[test]
    fn a_layer_ends_with_its_source_unless_time_is_remapped() {
        // Out point 20 s after the start, the composition it shows is 10 s long.
        let shown = |properties: &[(&str, Vec<u8>)]| {
            let layer = LayerSettings::new(7, 5).number(0x1C, 20).layer("", properties);
            let items = [composition(1, "Main", &[layer]), composition(5, "Inside", &[])];
            let project = read(&project(&items)).unwrap().value;
            project.composition(ItemId(1)).unwrap().layers[0].clone()
        };
        assert_eq!(shown(&[]).out_point, 11.0);
        let unused = [(schema::TIME_REMAP, constant(false, &[0.0]))];
        assert_eq!(shown(&unused).out_point, 11.0);
        let used = [(
            schema::TIME_REMAP,
            keyed(1, false, &[(0, 1, 1, vec![3.0, 0.0, 0.0, 0.0, 0.0])]),
        )];
        let layer = shown(&used);
        assert_eq!(layer.out_point, 21.0);
        assert!(layer.properties.property(schema::TIME_REMAP).is_some());
    }

    #[test]
    fn a_separated_position_is_marked() {
        let position = list(
            *b"tdbs",
            &[leaf(*b"tdsb", &[0, 0, 8, 1]), stream(3, true), leaf(*b"cdat", &[])],
        );
        let layer =
            layers(&[LayerSettings::new(7, 3).layer("", &[transform(&[("ADBE Position", position)])])]).remove(0);
        let group = layer.properties.group(schema::TRANSFORM).unwrap();
        assert_eq!(group.details, GroupDetails::SeparatedPosition);
    }

    #[test]
    fn lost_references_are_said() {
        let layer = LayerSettings::new(7, 99).number(0x84, 55).layer("Lost", &[]);
        let read = read(&project(&[composition(1, "Main", &[layer])])).unwrap();
        let texts: Vec<String> = read.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(texts.len(), 2);
        assert!(
            texts.iter().all(|t| t.starts_with("Main > Lost: missing: its ")),
            "{texts:?}"
        );
        assert!(read.warnings.iter().all(|w| w.kind == Kind::Missing));
    }

    #[test]
    fn groups_nobody_knows_survive() {
        let strange = group(&[("Strange-0001", constant(false, &[4.0]))]);
        let layer = layers(&[LayerSettings::new(7, 3).layer("", &[("Strange Group", strange)])]).remove(0);
        let strange = layer.properties.group("Strange Group").unwrap();
        assert_eq!(vector(strange, "Strange-0001"), [4.0]);
        assert_eq!(strange.name, "Strange Group");
    }

    #[test]
    fn effects_have_groups_inside_and_layers_that_are_their_own() {
        use super::testing::effect::{Parameter, definitions, effect};
        let definitions = definitions(
            "Pins",
            &[
                Parameter::new("Pins-0001", "Map", 0).at(0x48, &[0xFF; 4]),
                Parameter::new("Pins-0002", "Other", 0),
                Parameter::new("Pins-0003", "Mesh", 9),
            ],
        );
        let on = testing::Stream {
            layer: Some(7),
            ..testing::Stream::of(&[0.0])
        };
        let mesh = group(&[("Pin", group(&[("Pin Position", constant(true, &[0.5, 0.25]))]))]);
        let pins = effect(
            "Pins",
            Some(definitions),
            &[("Pins-0000", on.build()), ("Pins-0003", mesh)],
        );
        let layer =
            layers(&[LayerSettings::new(7, 3).layer("", &[(schema::EFFECTS, group(&[("Pins", pins)]))])]).remove(0);
        let pins = layer.properties.group(schema::EFFECTS).unwrap().group("Pins").unwrap();
        let shown = |name: &str| pins.property(name).unwrap().value.clone();
        assert_eq!(shown("Pins-0001"), Value::Layer(Some(LayerId(7))));
        assert_eq!(shown("Pins-0002"), Value::Layer(None));
        let mesh = pins.group("Pins-0003").unwrap();
        assert_eq!(mesh.name, "Mesh");
        assert!(mesh.group("Pin").unwrap().property("Pin Position").is_some());
    }

    #[test]
    fn only_layer_styles_that_are_on_stay_and_get_their_defaults() {
        let off = list(*b"tdgp", &[leaf(*b"tdsb", &[0, 0, 0, 2])]);
        let styles = group(&[
            (
                "dropShadow/enabled",
                group(&[("dropShadow/distance", constant(false, &[9.0]))]),
            ),
            ("solidFill/enabled", off),
        ]);
        let layer = layers(&[LayerSettings::new(7, 3).layer("", &[("ADBE Layer Styles", styles)])]).remove(0);
        let styles = layer.properties.group("ADBE Layer Styles").unwrap();
        assert_eq!(styles.children.len(), 1);
        let shadow = styles.group("dropShadow/enabled").unwrap();
        assert_eq!((shadow.name.as_ref(), shadow.enabled), ("Drop Shadow", true));
        assert_eq!(vector(shadow, "dropShadow/distance"), [9.0]);
        assert_eq!(vector(shadow, "dropShadow/opacity"), [75.0]);
    }

    #[test]
    fn a_text_path_names_its_mask_by_id() {
        let mask = |id: u8| {
            let mut settings = vec![0; 48];
            settings[11] = id;
            [leaf(*b"mkif", &settings), group(&[])].concat()
        };
        let layer = |path: Vec<u8>| {
            let options = group(&[("ADBE Text Path", path)]);
            let text = group(&[("ADBE Text Path Options", options)]);
            let masks = group(&[("ADBE Mask Atom", mask(40)), ("ADBE Mask Atom", mask(41))]);
            let chunk = LayerSettings::new(7, 0)
                .byte(0x83, 3)
                .layer("", &[(schema::TEXT, text), (schema::MASKS, masks)]);
            let layer = layers(&[chunk]).remove(0);
            let options = layer.properties.group(schema::TEXT).unwrap();
            let options = options.group("ADBE Text Path Options").unwrap();
            options.property("ADBE Text Path").unwrap().value.clone()
        };
        let by_id = list(*b"tdbs", &[stream(1, false), leaf(*b"tdli", &[0, 0, 0, 40])]);
        assert_eq!(layer(by_id), Value::Mask(Some(40)));
        assert_eq!(layer(constant(false, &[2.0])), Value::Mask(Some(41)));
        assert_eq!(layer(constant(false, &[0.0])), Value::Mask(None));
    }

    /// A project with a bit of everything.
    fn sample() -> Vec<u8> {
        let position = keyed(
            3,
            true,
            &[
                (0, 2, 2, vec![0.0; 15]),
                (1000, 2, 2, [vec![0.0; 6], vec![9.0; 9]].concat()),
            ],
        );
        let text = list(
            *b"btds",
            &[
                constant(false, &[]),
                list(*b"btdk", &[b"/1 << /1 [ << /0 << /0 (Hi\r) >> >> ] >>".to_vec()]),
            ],
        );
        let effect = list(*b"sspc", &[leaf(*b"fnam", &leaf(*b"Utf8", b"Fill")), group(&[])]);
        let layer = LayerSettings::new(7, 3).layer(
            "a",
            &[
                transform(&[("ADBE Position", position)]),
                ("ADBE Text Properties", group(&[("ADBE Text Document", text)])),
                (schema::EFFECTS, group(&[("ADBE Fill", effect)])),
            ],
        );
        project(&[
            composition(1, "Main", &[layer]),
            folder(2, "Solids", &[solid(3, "Red")]),
        ])
    }

    #[test]
    fn a_file_cut_anywhere_is_an_error_or_a_warning() {
        let whole = sample();
        assert!(read(&whole).unwrap().warnings.is_empty());
        for end in 0..whole.len() {
            if let Ok(read) = read(&whole[..end]) {
                assert!(!read.warnings.is_empty(), "cut at {end} without a word");
            }
        }
    }

    #[test]
    fn damaged_bytes_never_panic() {
        let whole = sample();
        for at in 0..whole.len() {
            for value in [0, 0x7F, 0xFF] {
                let mut damaged = whole.clone();
                damaged[at] = value;
                let _ = read(&damaged);
            }
        }
    }

    #[test]
    fn a_project_without_items_is_said() {
        let read = read(&rifx(&[])).unwrap();
        assert_eq!(read.warnings.iter().next().unwrap().kind, Kind::Malformed);
    }
}
