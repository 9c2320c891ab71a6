//! `job`: a layer shows what another job, rendered before this one, has made.

use filmpress_composition::{Project, Warned};

use super::fields::Fields;
use super::media::Media;
use super::replace::Replacement;
use super::{Asset, AssetError, Target};

#[derive(Debug)]
struct Child {
    target: Target,
}

/// Reads what the parent needs of it; what the child is to render is checked where children are made.
pub(super) fn parse(fields: &mut Fields<'_>) -> Option<Box<dyn Asset>> {
    let target = Target::parse(fields)?;
    Some(Box::new(Child { target }))
}

impl Asset for Child {
    fn type_name(&self) -> &'static str {
        "job"
    }

    fn is_child(&self) -> bool {
        true
    }

    fn apply(&self, project: &mut Project, downloaded: Option<Media>) -> Result<Warned<()>, AssetError> {
        let replacement = Replacement {
            target: &self.target,
            from: "the output of the nested job",
            name: "nested job".to_owned(),
        };
        replacement.apply(project, downloaded)
    }
}
