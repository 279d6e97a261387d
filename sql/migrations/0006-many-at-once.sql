-- For many who book, and many who look, at once.

-- What came of an attempt, as data: in a batch, one caller's refusal must not undo what the others got.
CREATE TYPE public.refusal AS (
    sqlstate text,
    message  text,
    detail   text,
    hint     text
);

COMMENT ON TYPE public.refusal IS 'Why somebody did not get what was asked: what raise_refusal raises, before it is raised.';

CREATE TYPE public.booking_attempt AS (
    refusal public.refusal,
    free    integer,
    moment  timestamptz
);

COMMENT ON TYPE public.booking_attempt IS
    'Why there is no seat for somebody, if so; how many seats are free besides; and the moment at which that is so.';

CREATE TYPE public.booking_outcome AS (
    place   integer,
    booking public.bookings,
    refusal public.refusal
);

COMMENT ON TYPE public.booking_outcome IS
    'What became of the request at this place of a batch: the booking, or why not, or neither: somebody else was busy with it.';
