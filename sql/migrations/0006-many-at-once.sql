-- For many who book, and many who look, at once.

-- What came of an attempt, as data: in a batch, one caller's refusal must not undo what the others got.
CREATE TYPE public.refusal AS (
    sqlstate text,
    message  text,
    detail   text,
    hint     text
);

COMMENT ON TYPE public.refusal IS 'Why somebody did not get what was asked: what raise_refusal raises, before it is raised.';
