-- Events as organisers run them: what they are, where, in which time zone, from when to when they can be booked, by how
-- many seats at once, and whether everybody sees them.

DROP FUNCTION IF EXISTS public.change_event;
DROP FUNCTION IF EXISTS public.claim_notifications;
DROP FUNCTION IF EXISTS public.create_event;
DROP FUNCTION IF EXISTS public.find_chat_booking;
DROP FUNCTION IF EXISTS public.get_event;
DROP FUNCTION IF EXISTS public.list_chat_bookings;
DROP FUNCTION IF EXISTS public.list_events;
DROP FUNCTION IF EXISTS public.list_user_bookings;
DROP FUNCTION IF EXISTS public.validate_event;

ALTER TABLE public.events
    ADD COLUMN description text,
    ADD COLUMN place text,
    ADD COLUMN timezone text NOT NULL DEFAULT 'UTC',
    ADD COLUMN opens_at timestamptz,
    ADD COLUMN closes_at timestamptz,
    ADD COLUMN max_seats_per_booking integer NOT NULL DEFAULT 1,
    ADD COLUMN published boolean NOT NULL DEFAULT true,
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD CONSTRAINT events_description_length CHECK (length(description) BETWEEN 1 AND 10000),
    ADD CONSTRAINT events_place_length CHECK (length(place) BETWEEN 1 AND 200),
    ADD CONSTRAINT events_timezone_length CHECK (length(timezone) BETWEEN 1 AND 100),
    ADD CONSTRAINT events_opens_at_is_plausible CHECK (opens_at >= '1970-01-01 00:00+00'),
    ADD CONSTRAINT events_closes_at_is_plausible CHECK (closes_at >= '1970-01-01 00:00+00'),
    ADD CONSTRAINT events_closes_by_its_start CHECK (closes_at <= date),
    ADD CONSTRAINT events_opens_before_it_closes CHECK (opens_at < coalesce(closes_at, date)),
    ADD CONSTRAINT events_max_seats_per_booking_range CHECK (max_seats_per_booking BETWEEN 1 AND 1000000);

ALTER TABLE archive.events
    ADD COLUMN description text,
    ADD COLUMN place text,
    ADD COLUMN timezone text NOT NULL DEFAULT 'UTC',
    ADD COLUMN opens_at timestamptz,
    ADD COLUMN closes_at timestamptz,
    ADD COLUMN max_seats_per_booking integer NOT NULL DEFAULT 1,
    ADD COLUMN published boolean NOT NULL DEFAULT true,
    ADD COLUMN version integer NOT NULL DEFAULT 1;

-- Events from before were told of in the configured zone, which is the one of the session that migrates.
UPDATE public.events SET timezone = current_setting('TimeZone')
WHERE current_setting('TimeZone') IN (SELECT name FROM pg_timezone_names);
UPDATE archive.events SET timezone = current_setting('TimeZone')
WHERE current_setting('TimeZone') IN (SELECT name FROM pg_timezone_names);

-- The few that had already started when they were created: they are never over, so every list looks at them.
CREATE INDEX events_already_started ON public.events (date, id) WHERE date <= created_at;

COMMENT ON COLUMN public.events.description IS 'Plain text of several lines; pages make links of the URLs in it.';
COMMENT ON COLUMN public.events.place IS 'Where the event happens, in words.';
COMMENT ON COLUMN public.events.timezone IS
    'The time zone of the place, by its IANA name: how times without an offset are read and which offset is answered.';
COMMENT ON COLUMN public.events.opens_at IS 'Since when the event can be booked; NULL: since it was created.';
COMMENT ON COLUMN public.events.closes_at IS 'Until when the event can be booked; NULL: until it starts.';
COMMENT ON COLUMN public.events.max_seats_per_booking IS 'How many seats one booking may have.';
COMMENT ON COLUMN public.events.published IS 'false: for admins only; nobody else sees the event or can book it.';
COMMENT ON COLUMN public.events.version IS 'Counts what change_event changed, so that two who edit at once notice each other.';
