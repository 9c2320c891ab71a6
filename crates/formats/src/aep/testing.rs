//! Writes small projects for tests, chunk by chunk.

/// A leaf chunk.
pub(crate) fn leaf(id: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut out = id.to_vec();
    out.extend((body.len() as u32).to_be_bytes());
    out.extend(body);
    if body.len() % 2 == 1 {
        out.push(0);
    }
    out
}

/// A list chunk.
pub(crate) fn list(kind: [u8; 4], children: &[Vec<u8>]) -> Vec<u8> {
    let mut body = kind.to_vec();
    body.extend(children.concat());
    leaf(*b"LIST", &body)
}

/// A whole file.
pub(crate) fn rifx(children: &[Vec<u8>]) -> Vec<u8> {
    let mut body = b"Egg!".to_vec();
    body.extend(children.concat());
    let mut out = b"RIFX".to_vec();
    out.extend((body.len() as u32).to_be_bytes());
    out.extend(body);
    out
}

/// A property group: pairs of match name and value list.
pub(crate) fn group(children: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut inside = vec![leaf(*b"tdsb", &[0, 0, 0, 1])];
    for (match_name, value) in children {
        inside.push(match_name_chunk(match_name));
        inside.push(value.clone());
    }
    inside.push(match_name_chunk("ADBE Group End"));
    list(*b"tdgp", &inside)
}

/// The match name before a value list.
pub(crate) fn match_name_chunk(match_name: &str) -> Vec<u8> {
    let mut name = match_name.as_bytes().to_vec();
    name.resize(40, 0);
    leaf(*b"tdmn", &name)
}

/// A property's description, with 1000 ticks a second.
pub(crate) fn stream(dimensions: u16, spatial: bool) -> Vec<u8> {
    let mut bytes = vec![0; 124];
    bytes[2..4].copy_from_slice(&dimensions.to_be_bytes());
    bytes[5] = u8::from(spatial) << 3;
    bytes[0x0C..0x10].copy_from_slice(&1000u32.to_be_bytes());
    leaf(*b"tdb4", &bytes)
}

/// Numbers one after the other.
pub(crate) fn numbers(numbers: &[f64]) -> Vec<u8> {
    numbers.iter().flat_map(|x| x.to_be_bytes()).collect()
}

/// A property without keyframes.
pub(crate) fn constant(spatial: bool, value: &[f64]) -> Vec<u8> {
    list(
        *b"tdbs",
        &[stream(value.len() as u16, spatial), leaf(*b"cdat", &numbers(value))],
    )
}

/// A property with keyframe records, each without its 8 bytes of header: ticks, interpolation in and out, numbers.
pub(crate) fn keyed(dimensions: u16, spatial: bool, keys: &[(i32, u8, u8, Vec<f64>)]) -> Vec<u8> {
    let mut data = Vec::new();
    for (ticks, arrive, leave, values) in keys {
        data.extend(ticks.to_be_bytes());
        data.extend([*arrive, *leave, 0, 0]);
        data.extend(numbers(values));
    }
    let mut header = vec![0; 52];
    header[8..12].copy_from_slice(&(keys.len() as u32).to_be_bytes());
    header[16..20].copy_from_slice(&((data.len() / keys.len()) as u32).to_be_bytes());
    list(
        *b"tdbs",
        &[
            stream(dimensions, spatial),
            list(*b"list", &[leaf(*b"lhd3", &header), leaf(*b"ldat", &data)]),
        ],
    )
}

/// A layer's settings: 164 bytes, shown from 0 to 2 s of a source that starts at 1 s.
pub(crate) struct LayerSettings(pub Vec<u8>);

impl LayerSettings {
    pub fn new(id: u32, source: u32) -> Self {
        let mut settings = Self(vec![0; 164]);
        settings.0[0x27] = 1;
        settings.0[0x63] = 2;
        for (at, value) in [(0, id), (8, 1), (0x0C, 1), (0x10, 1), (0x18, 1), (0x1C, 2), (0x20, 1)] {
            settings = settings.number(at, value);
        }
        settings.number(0x28, source).number(0x6C, 1)
    }

    pub fn number(mut self, at: usize, value: u32) -> Self {
        self.0[at..at + 4].copy_from_slice(&value.to_be_bytes());
        self
    }

    pub fn byte(mut self, at: usize, value: u8) -> Self {
        self.0[at] = value;
        self
    }

    pub fn layer(self, name: &str, properties: &[(&str, Vec<u8>)]) -> Vec<u8> {
        list(
            *b"Layr",
            &[
                leaf(*b"ldta", &self.0),
                leaf(*b"Utf8", name.as_bytes()),
                group(properties),
            ],
        )
    }
}

/// An item's own chunk.
fn item_head(kind: u16, id: u32) -> Vec<u8> {
    let mut bytes = vec![0; 0x40];
    bytes[..2].copy_from_slice(&kind.to_be_bytes());
    bytes[16..20].copy_from_slice(&id.to_be_bytes());
    leaf(*b"idta", &bytes)
}

/// A composition of 400 by 200 pixels, 25 fps, 10 s.
pub(crate) fn composition(id: u32, name: &str, layers: &[Vec<u8>]) -> Vec<u8> {
    let mut settings = vec![0; 204];
    settings[0x2C..0x30].copy_from_slice(&10u32.to_be_bytes());
    settings[0x30..0x34].copy_from_slice(&1u32.to_be_bytes());
    settings[0x8C..0x8E].copy_from_slice(&400u16.to_be_bytes());
    settings[0x8E..0x90].copy_from_slice(&200u16.to_be_bytes());
    settings[0x9C..0x9E].copy_from_slice(&25u16.to_be_bytes());
    let head = [
        item_head(4, id),
        leaf(*b"Utf8", name.as_bytes()),
        leaf(*b"cdta", &settings),
    ];
    list(*b"Item", &[&head, layers].concat())
}

/// A red solid of 100 by 50 pixels.
pub(crate) fn solid(id: u32, name: &str) -> Vec<u8> {
    let mut settings = vec![0; 222];
    settings[0x21] = 100;
    settings[0x25] = 50;
    let mut options = b"Soli\0\0\0\0\0\0".to_vec();
    options.extend([1.0f32, 1.0, 0.0, 0.0].iter().flat_map(|x| x.to_be_bytes()));
    options.extend(name.as_bytes());
    options.push(0);
    let pin = list(*b"Pin ", &[leaf(*b"sspc", &settings), leaf(*b"opti", &options)]);
    list(*b"Item", &[item_head(7, id), leaf(*b"Utf8", b""), pin])
}

/// A folder with items in it.
pub(crate) fn folder(id: u32, name: &str, items: &[Vec<u8>]) -> Vec<u8> {
    list(
        *b"Item",
        &[item_head(1, id), leaf(*b"Utf8", name.as_bytes()), list(*b"Sfdr", items)],
    )
}

/// A whole project of items.
pub(crate) fn project(items: &[Vec<u8>]) -> Vec<u8> {
    rifx(&[leaf(*b"svap", &0x0f08_1220u32.to_be_bytes()), list(*b"Fold", items)])
}
