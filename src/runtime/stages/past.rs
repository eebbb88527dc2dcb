//! Values that are past: read from the source's history after a gap.
//!
//! They go beside the image, never into it, and out as messages of their own that are marked. A message that says how a
//! machine stands now has no place for them: there they count as superseded, as something newer was told before.

use super::Stages;
use super::bench::Bench;
use super::outbox::Outbox;
use super::routes::Fill;
use super::stream::Stream;
use crate::assemble::Image;
use crate::assemble::frame::{Contents, Remark, tells_past};
use crate::model::{Batch, Now, Sample};
use std::ops::Range;

/// What the history of one machine's fields says, until it is told.
#[derive(Debug)]
pub(super) struct Past {
    image: Image,
    left_out: Vec<(Range<u32>, Remark)>,
}

impl Stages {
    /// Takes a batch that is back-filled. Nothing of it is held: what it brings goes out with it.
    pub(super) fn back_fill(&mut self, batch: &Batch, now: Now, out: &mut Outbox) {
        for sample in &batch.samples {
            let (sample, odd) = self.time.apply(sample, batch.received);
            for fill in self.routes.of(sample.slot) {
                match *fill {
                    Fill::Field { stream, field } => {
                        let Some(stream) = self.streams.get_mut(stream as usize) else { continue };
                        if let Some(odd) = odd {
                            stream.odd_time(odd, field, &mut self.bench, out);
                        }
                        stream.take_past(field, &sample, &batch.arena, &mut self.bench, now, out);
                    }
                    // A list of alarms stands for the present only.
                    Fill::Watch { watch } => {
                        let Some(watch) = self.watches.get(watch as usize) else { continue };
                        let totals = self.bench.totals(watch.flow);
                        totals.received += 1;
                        totals.back_filled += 1;
                        totals.superseded += 1;
                    }
                    Fill::Nothing { flow } => {
                        let totals = self.bench.totals(flow);
                        totals.received += 1;
                        totals.back_filled += 1;
                        totals.filtered += 1;
                    }
                }
            }
        }
        for stream in &mut self.streams {
            stream.tell_past(&mut self.bench, now, out);
            stream.past = None;
        }
    }
}

impl Stream {
    /// Takes one value that is past. A message goes out first when the field has one already.
    fn take_past(&mut self, field: u32, sample: &Sample, arena: &[u8], bench: &mut Bench, now: Now, out: &mut Outbox) {
        let totals = bench.totals(self.outlet.flow);
        totals.received += 1;
        totals.back_filled += 1;
        if self.bridge.is_some() || !tells_past(&self.profile) {
            totals.superseded += 1;
            return;
        }
        let sample = &self.converted(field, sample, arena, bench, now, out);
        if self.past.as_ref().is_some_and(|past| past.image.is_dirty(field)) {
            self.tell_past(bench, now, out);
        }
        let image = || Past { image: Image::new(&self.layout), left_out: Vec::new() };
        self.past.get_or_insert_with(image).image.store(&self.layout, field, sample, arena);
    }

    /// Tells what is past in a message of its own. What is known of the present, and when it is told, stays as it is.
    fn tell_past(&mut self, bench: &mut Bench, now: Now, out: &mut Outbox) {
        let Some(mut past) = self.past.take() else { return };
        let present = (self.cadence, self.was_refused, self.needs_all, self.stand.take());
        self.exchange(&mut past);
        self.is_past = true;
        self.emit(Contents::Changes, bench, now, out);
        self.is_past = false;
        self.exchange(&mut past);
        (self.cadence, self.was_refused, self.needs_all, self.stand) = present;
        self.past = Some(past);
    }

    fn exchange(&mut self, past: &mut Past) {
        std::mem::swap(&mut self.image, &mut past.image);
        std::mem::swap(&mut self.left_out, &mut past.left_out);
    }
}
