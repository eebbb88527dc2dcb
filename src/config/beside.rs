//! Where the topics beside a profile's messages stand: behind what a flow's topic has before the machine.

use super::plan::{FlowPlan, Location, MachineRule};
use crate::profile::Profile;
use crate::route::{Template, Values};
use std::collections::BTreeSet;

/// Why there is no place for the topics beside a flow's messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoBase {
    /// The topic does not end like that of the profile.
    Ending,
    /// What fills these placeholders before the machine is not known before a machine is found.
    Unknown(Vec<&'static str>),
    /// It is no topic. What is wrong with it was told with the flow's topic.
    Unusable,
}

/// The bases of what a flow publishes beside the messages of one of its profiles: one, or one for every place that the
/// configuration gives to machines. `None`: nothing is published beside them.
pub fn bases(
    flow: &FlowPlan,
    profile: &Profile,
    gateway: &str,
    machines: &[MachineRule],
) -> Option<Result<BTreeSet<String>, NoBase>> {
    let beside = profile.beside.as_ref()?;
    let topic = flow.topic.as_ref().unwrap_or(&profile.topic);
    Some(match topic.strip_suffix(&beside.behind).filter(|front| !front.is_empty()) {
        Some(front) => filled(front, flow, profile, gateway, machines),
        None => Err(NoBase::Ending),
    })
}

fn filled(
    front: &str,
    flow: &FlowPlan,
    profile: &Profile,
    gateway: &str,
    machines: &[MachineRule],
) -> Result<BTreeSet<String>, NoBase> {
    let id = profile.id();
    let template = Template::parse(front).map_err(|_| NoBase::Unusable)?;
    let nowhere = Values { gateway, flow: &flow.name, profile: &id, ..Values::default() };
    let fill = |values: &Values<'_>| template.fill(values).map(|base| base.as_str().to_owned());
    let unknown = template.missing(&nowhere);
    if unknown.is_empty() {
        return fill(&nowhere).map(|base| BTreeSet::from([base])).map_err(|_| NoBase::Unusable);
    }
    let own = machines.iter().filter(|rule| rule.connection.is_none_or(|connection| connection == flow.source));
    let placed = own.map(|rule| located(nowhere, &rule.location)).filter(|values| template.missing(values).is_empty());
    let bases: BTreeSet<String> = placed.filter_map(|values| fill(&values).ok()).collect();
    if bases.is_empty() { Err(NoBase::Unknown(unknown)) } else { Ok(bases) }
}

fn located<'a>(values: Values<'a>, location: &'a Location) -> Values<'a> {
    Values {
        enterprise: location.enterprise.as_deref(),
        site: location.site.as_deref(),
        area: location.area.as_deref(),
        line: location.line.as_deref(),
        cell: location.cell.as_deref(),
        ..values
    }
}
