//! The way through a list whose pages have cursors.

use std::collections::HashSet;

use gha_core::{Error, PageBody, PageCursor, Paginated, Response};

use super::cursor::refuse;
use super::link::{Links, Next};

/// The cursors that led to where a stream is.
#[derive(Debug)]
pub(super) struct Trail {
    /// The query parameters that a cursor has.
    names: &'static [&'static str],
    /// That of the page that is asked for.
    pub(super) current: PageCursor,
    seen: HashSet<PageCursor>,
    /// How many items came, where the stream began with the first.
    came: Option<usize>,
}

impl Trail {
    pub(super) fn new(names: &'static [&'static str], start: PageCursor) -> Self {
        Self {
            names,
            seen: HashSet::from([start.clone()]),
            came: start.is_empty().then_some(0),
            current: start,
        }
    }

    /// Goes on to the page after the one that came, which has a number of this stream's own: tells that there is
    /// one, and the cursor of the one that came.
    pub(super) fn follow<P: Paginated>(
        &mut self,
        response: &Response<PageBody<P::Item>>,
        number: i64,
        builder: &P,
    ) -> Result<(Links, PageCursor), Error> {
        self.came = self
            .came
            .map(|came| came.saturating_add(response.items.len()));
        let next = match Links::with_cursors(response.headers(), self.names).next {
            Next::Unnamed => {
                return Err(refuse(
                    "the link to the next page has no cursor; read the pages one by one",
                ));
            }
            Next::Page(next) if builder.clone().with_cursor(&next).cursor() != next => {
                return Err(refuse(
                    "the link to the next page has a cursor that the list does not take; tell the server's \
                     operator",
                ));
            }
            Next::Page(next) if !self.seen.insert(next.clone()) => {
                return Err(refuse(format!(
                    "the link of page {number} leads back to a page that was read before; tell the server's \
                     operator",
                )));
            }
            Next::Page(next) => Some(next),
            Next::End => None,
            Next::Unknown => {
                self.ensure_end(response.total_count)?;
                None
            }
        };
        let links = Links {
            next: match next {
                Some(_) => Next::Page(number.saturating_add(1)),
                None => Next::End,
            },
            last: None,
        };
        let cursor = std::mem::replace(&mut self.current, next.unwrap_or_default());
        Ok((links, cursor))
    }

    /// Where no link tells, a total can: proxies drop links.
    fn ensure_end(&self, total: Option<i64>) -> Result<(), Error> {
        let came = self.came.and_then(|came| i64::try_from(came).ok());
        match (came, total) {
            (Some(came), Some(total)) if came < total => Err(refuse(format!(
                "the list has {total} items, and no link leads on after {came} of them; a proxy may have dropped the \
                 `Link` header",
            ))),
            _ => Ok(()),
        }
    }
}
