//! Where the topics beside a profile's messages stand: behind what a flow's topic has before the machine.

use super::plan::FlowPlan;
use crate::model::TopicName;
use crate::profile::Profile;
use crate::route::{Template, Values};

/// Why there is no one place for the topics beside a flow's messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoBase {
    /// The topic does not end like that of the profile.
    Ending,
    /// What stands before that differs from machine to machine: these placeholders.
    Differs(Vec<&'static str>),
    /// It is no topic. What is wrong with it was told with the flow's topic.
    Unusable,
}

/// The base of what a flow publishes beside the messages of one of its profiles; `None`: nothing.
pub fn base(flow: &FlowPlan, profile: &Profile, gateway: &str) -> Option<Result<String, NoBase>> {
    let beside = profile.beside.as_ref()?;
    let topic = flow.topic.as_ref().unwrap_or(&profile.topic);
    Some(match topic.strip_suffix(&beside.behind).filter(|front| !front.is_empty()) {
        Some(front) => filled(front, flow, profile, gateway),
        None => Err(NoBase::Ending),
    })
}

fn filled(front: &str, flow: &FlowPlan, profile: &Profile, gateway: &str) -> Result<String, NoBase> {
    let profile = profile.id();
    let values = Values { gateway, flow: &flow.name, profile: &profile, ..Values::default() };
    let template = Template::parse(front).map_err(|_| NoBase::Unusable)?;
    let differs = template.missing(&values);
    if !differs.is_empty() {
        return Err(NoBase::Differs(differs));
    }
    let base = template.fill(&values).map_err(|_| NoBase::Unusable)?;
    Ok(TopicName::as_str(&base).to_owned())
}
