//! What lies around the data of MQTT messages, and who shares a subscription.

use super::flow::Flows;
use super::{Checking, given};
use crate::config::file::{ConnectionFile, EnvelopeFile, MemberQualityFile};
use crate::config::plan::{Decode, Envelope, EnvelopeForm, FlowPlan, MemberQuality, MqttVersion};
use crate::config::read::At;
use crate::config::yaml::Place;
use crate::model::TopicPattern;
use crate::model::delivery::TopicKind;
use crate::profile::{Codec, Profile};
use std::sync::Arc;

/// The word for data that are the list of records themselves: a JSON pointer to the whole would be an empty text.
const HERE: &str = "here";

impl Checking<'_> {
    /// `None` when something of it is wrong.
    pub(super) fn envelope(
        &mut self,
        typed: &At<EnvelopeFile>,
        decode: Decode,
        profile: Option<&Arc<Profile>>,
        has_machine: bool,
    ) -> Option<Envelope> {
        let own = &typed.value;
        if profile.is_some_and(|profile| profile.codec == Codec::NcLink) {
            self.reading.error("QIAO-C178", typed.place, &[]);
        }
        if let Some(machine) = own.machine.as_ref().filter(|_| has_machine) {
            self.reading.error("QIAO-C179", machine.place, &[]);
        }
        let of_values = [
            ("field", own.field.as_ref().map(|at| at.place)),
            ("value", own.value.as_ref().map(|at| at.place)),
            ("quality", own.quality.as_ref().map(|at| at.place)),
        ];
        if matches!(decode, Decode::Message | Decode::Profile) {
            for (key, place) in of_values.into_iter().filter_map(|(key, place)| Some((key, place?))) {
                self.reading.error("QIAO-C180", place, &[("key", key)]);
            }
        }
        let pointers = [&own.data, &own.machine, &own.field, &own.value];
        let pointers = pointers.map(|typed| typed.as_ref().map(|at| self.json_pointer(at)));
        let records = own.records.as_ref().map(|at| match at.value.as_str() {
            HERE => Some(String::new()),
            _ => self.json_pointer(at),
        });
        let time = own.time.as_ref().map(|at| self.member_time(&at.value));
        let quality = own.quality.as_ref().map(|at| self.quality(&at.value));
        let [data, machine, field, value] = pointers;
        Some(Envelope {
            data: whole(data)?.unwrap_or_default(),
            form: own.written_as.as_ref().map_or(EnvelopeForm::Json, |at| at.value.0),
            records: whole(records)?,
            time: whole(time)?,
            machine: whole(machine)?,
            field: whole(field)?,
            value: whole(value)?,
            quality: whole(quality)?,
        })
    }

    fn quality(&mut self, typed: &MemberQualityFile) -> Option<MemberQuality> {
        let member = given(&typed.member).and_then(|member| self.json_pointer(member));
        let words = |list: &[At<String>]| list.iter().map(|word| word.value.clone()).collect();
        let good = given(&typed.good)?;
        let uncertain = typed.uncertain.as_ref().map_or(&[][..], |list| list.value.0.as_slice());
        Some(MemberQuality { member: member?, good: words(&good.value.0), uncertain: words(uncertain) })
    }

    /// Shared subscriptions: who gets only some of the messages of a machine can tell no state, and no other subscription
    /// of the connection may bring the same messages.
    pub(super) fn shared(&mut self, flows: &[Option<FlowPlan>], all: &Flows<'_>) {
        for (at, flow) in flows.iter().enumerate() {
            let Some((flow, pattern)) = flow.as_ref().and_then(|flow| Some((flow, shared(flow)?))) else { continue };
            let Some(typed) = all.typed.get(at) else { continue };
            let place = typed.value.each.as_ref().map_or(typed.place, |each| each.place);
            self.share_fits(flow, pattern, place);
            let others =
                flows.iter().flatten().filter(|other| !std::ptr::eq(*other, flow) && other.source == flow.source);
            for other in others {
                let mut patterns = other.input.iter().flat_map(|input| input.patterns());
                let other_pattern = patterns.find(|own| own.overlaps(pattern) && own.filter() != pattern.filter());
                if let Some(own) = other_pattern {
                    let facts = [("topic", pattern.as_str()), ("flow", other.name.as_str()), ("other", own.as_str())];
                    self.reading.error("QIAO-C176", place, &facts);
                }
            }
            let connection = all.connections.0.get(usize::from(flow.source));
            if let Some((_, Some(ConnectionFile::Mqtt(mqtt)))) = connection
                && mqtt.value.version.as_ref().is_some_and(|version| version.value.0 == MqttVersion::V311)
            {
                self.reading.warning("QIAO-C177", place, &[("topic", pattern.as_str())]);
            }
        }
    }

    fn share_fits(&mut self, flow: &FlowPlan, pattern: &TopicPattern, place: Place) {
        let has_state = flow.published().iter().any(|profile| profile.topic_kind == TopicKind::State);
        let speaks_nc_link = flow.profiles.iter().chain(flow.published()).any(|profile| profile.codec == Codec::NcLink);
        let fault = match (speaks_nc_link, has_state) {
            (true, _) => "nc-link",
            (_, true) => "state",
            _ => return,
        };
        self.reading.error("QIAO-C175", place, &[("topic", pattern.as_str()), ("fault", fault)]);
    }
}

/// What was given and is right, or was not given; `None` when it is wrong.
fn whole<T>(given: Option<Option<T>>) -> Option<Option<T>> {
    given.map_or(Some(None), |read| read.map(Some))
}

/// The subscription of a flow that it shares.
fn shared(flow: &FlowPlan) -> Option<&TopicPattern> {
    flow.input.as_ref()?.patterns().find(|pattern| pattern.group().is_some())
}
