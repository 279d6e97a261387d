-- Who has come in, and seats of those who have not. The columns are nullable and the constraints of bookings NOT VALID, so
-- that no large table is read under a lock: every row there is satisfies them, since the columns are new.

ALTER TABLE public.bookings
    ADD COLUMN checked_in_at timestamptz,
    ADD COLUMN checked_in_by text,
    ADD CONSTRAINT bookings_checked_in_is_confirmed CHECK (checked_in_at IS NULL OR status = 'confirmed') NOT VALID,
    ADD CONSTRAINT bookings_checked_in_by_length CHECK (length(checked_in_by) BETWEEN 1 AND 200) NOT VALID,
    ADD CONSTRAINT bookings_checked_in_says_when CHECK (checked_in_by IS NULL OR checked_in_at IS NOT NULL) NOT VALID;
ALTER TABLE archive.bookings
    ADD COLUMN checked_in_at timestamptz,
    ADD COLUMN checked_in_by text;

COMMENT ON COLUMN public.bookings.checked_in_at IS 'When its people came in; NULL: they have not, or it was undone.';
COMMENT ON COLUMN public.bookings.checked_in_by IS 'Which door let them in, or who; NULL: nobody said.';

ALTER TABLE public.events
    ADD COLUMN no_show_minutes integer,
    ADD COLUMN no_shows_freed_at timestamptz,
    ADD CONSTRAINT events_no_show_minutes_range CHECK (no_show_minutes BETWEEN 1 AND 1440);
ALTER TABLE archive.events
    ADD COLUMN no_show_minutes integer,
    ADD COLUMN no_shows_freed_at timestamptz;

CREATE INDEX events_with_no_shows_to_free ON public.events (date)
WHERE no_show_minutes IS NOT NULL AND no_shows_freed_at IS NULL AND canceled_at IS NULL AND date > created_at;

COMMENT ON COLUMN public.events.no_show_minutes IS
    'How many minutes after the start a confirmed seat is kept for who is not there, if others wait for it; NULL: to the end.';
COMMENT ON COLUMN public.events.no_shows_freed_at IS
    'When the seats of those who were not there went to who waited: that happens once. NULL: not yet, or never.';

-- Their parameters have changed, or they have another name.
DROP FUNCTION IF EXISTS public.booking_has_ended;
DROP FUNCTION IF EXISTS public.change_event;
DROP FUNCTION IF EXISTS public.create_event;
