//! Topics beside messages: a flow whose own topic gives them no place publishes none, and that is said.

use super::Checking;
use super::flow::Flows;
use crate::config::beside::{NoBase, bases};
use crate::config::plan::FlowPlan;
use crate::config::yaml::Place;

impl Checking<'_> {
    /// `place`: of the flow's topic, or of the flow.
    pub(super) fn beside(&mut self, flow: &FlowPlan, place: Place, all: &Flows<'_>) {
        for profile in flow.published() {
            let found = bases(flow, profile, all.gateway, all.machines);
            let (Some(beside), Some(Err(fault))) = (&profile.beside, found) else { continue };
            let id = profile.id();
            let topic = flow.topic.as_ref().unwrap_or(&profile.topic);
            match fault {
                NoBase::Ending => {
                    let facts = [("profile", id.as_str()), ("topic", topic), ("behind", &beside.behind)];
                    self.reading.warning("QIAO-C115", place, &facts);
                }
                NoBase::Unknown(places) => {
                    let places: Vec<String> = places.iter().map(|place| format!("{{{place}}}")).collect();
                    let facts = [("profile", id.as_str()), ("topic", topic), ("places", &places.join(", "))];
                    self.reading.warning("QIAO-C116", place, &facts);
                }
                NoBase::Unusable => {}
            }
        }
    }
}
