//! JSON values that are cheap to make: an animation is a hundred thousand short keys and small lists of numbers, and
//! making each of them a string and a tree of its own took more time than all the rest of reading.

use std::fmt;

use compact_str::CompactString;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(f64),
    String(CompactString),
    Array(Vec<Value>),
    Object(Map),
}

impl Value {
    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is an object.
    pub fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// The object, if it is one.
    pub fn as_object(&self) -> Option<&Map> {
        match self {
            Self::Object(map) => Some(map),
            _ => None,
        }
    }

    /// The list, if it is one.
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(list) => Some(list),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// How many values it is made of.
    pub fn count(&self) -> usize {
        match self {
            Self::Array(list) => 1 + list.iter().map(Self::count).sum::<usize>(),
            Self::Object(map) => 1 + map.0.iter().map(|(_, value)| value.count()).sum::<usize>(),
            _ => 1,
        }
    }

    /// The value of a key, if it is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.get(key)
    }
}

/// Most entries that are looked through one by one.
const FEW: usize = 8;

/// A JSON object: entries in the order of their keys. Of a key that stands twice, the last value counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Map(Vec<(CompactString, Value)>);

impl Map {
    fn new(mut entries: Vec<(CompactString, Value)>) -> Self {
        // A stable sort: of equal keys the last one stays last, and is what is kept.
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                std::mem::swap(later, kept);
            }
            same
        });
        Self(entries)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        if self.0.len() <= FEW {
            return self.0.iter().find(|(k, _)| k == key).map(|(_, value)| value);
        }
        let at = self.0.binary_search_by(|(k, _)| k.as_str().cmp(key)).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// Whether it has a key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| key.as_str())
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Values)
    }
}

struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.into()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value.into()))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(Key(key)) = map.next_key()? {
            entries.push((key, map.next_value()?));
        }
        Ok(Value::Object(Map::new(entries)))
    }
}

/// A key, without a detour through a `String`.
struct Key(CompactString);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl Visitor<'_> for Keys {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
                Ok(Key(key.into()))
            }
        }
        deserializer.deserialize_str(Keys)
    }
}

#[cfg(test)]
impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        serde_json::from_value(value).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn every_sort_of_value_is_made() {
        let value = parse(r#"{"b": [1, -2, 0.5, true, null, "a\u00e9"], "a": {}}"#);
        let keys: Vec<&str> = value.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["a", "b"]);
        let list = value.get("b").unwrap().as_array().unwrap();
        assert_eq!(list[..3], [1.0, -2.0, 0.5].map(Value::Number));
        assert_eq!(
            list[3..],
            [Value::Bool(true), Value::Null, Value::String("a\u{e9}".into())]
        );
        assert!(value.get("a").unwrap().as_object().unwrap().is_empty());
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        assert_eq!(
            parse(r#"{"k": 1, "a": 0, "k": 2, "k": 3}"#).get("k"),
            Some(&Value::Number(3.0))
        );
    }

    #[test]
    fn keys_are_found_among_few_and_many() {
        for count in [1, FEW, FEW + 1, 100] {
            let entries: Vec<String> = (0..count).rev().map(|i| format!("\"key{i}\": {i}")).collect();
            let value = parse(&format!("{{{}}}", entries.join(",")));
            for i in 0..count {
                assert_eq!(value.get(&format!("key{i}")), Some(&Value::Number(f64::from(i as u32))));
            }
            assert_eq!(value.get("key"), None);
        }
    }
}
