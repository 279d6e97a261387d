-- A waiting list for full events, a limit of bookings a person, and payments that come after the hold has lapsed.

CREATE TABLE public.waitlist (
    id          bigserial,
    event_id    bigint NOT NULL,
    user_id     bigint NOT NULL,
    seats       integer NOT NULL,
    status      text NOT NULL DEFAULT 'waiting',
    booking_id  bigint,
    created_at  timestamptz NOT NULL,
    passed_over integer NOT NULL DEFAULT 0,
    kept_until  timestamptz,
    CONSTRAINT waitlist_pkey PRIMARY KEY (id),
    CONSTRAINT waitlist_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.events (id),
    CONSTRAINT waitlist_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id),
    CONSTRAINT waitlist_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES public.bookings (id),
    CONSTRAINT waitlist_seats_range CHECK (seats BETWEEN 1 AND 1000000),
    CONSTRAINT waitlist_status_is_known CHECK (status IN ('waiting', 'offered', 'left', 'expired', 'booked')),
    CONSTRAINT waitlist_waiting_has_no_offer CHECK (status <> 'waiting' OR booking_id IS NULL),
    CONSTRAINT waitlist_offer_is_a_booking CHECK (status NOT IN ('offered', 'booked') OR booking_id IS NOT NULL),
    CONSTRAINT waitlist_passed_over_range CHECK (passed_over BETWEEN 0 AND 3),
    CONSTRAINT waitlist_kept_while_waiting CHECK (kept_until IS NULL OR (status = 'waiting' AND passed_over = 3))
);

CREATE UNIQUE INDEX waitlist_one_a_user ON public.waitlist (event_id, user_id) WHERE status IN ('waiting', 'offered');
CREATE UNIQUE INDEX waitlist_one_an_offer ON public.waitlist (booking_id) WHERE booking_id IS NOT NULL;
CREATE INDEX waitlist_in_order ON public.waitlist (event_id, id) WHERE status = 'waiting';
CREATE INDEX waitlist_of_an_event ON public.waitlist (event_id, id);
CREATE INDEX waitlist_of_a_user ON public.waitlist (user_id, id);

COMMENT ON TABLE public.waitlist IS
    'Who waits for seats of a full event, first come first served, as stored; the view current_waitlist shows entries as they count at this moment.';
COMMENT ON COLUMN public.waitlist.booking_id IS 'The hold that was offered; an offer is a hold like any other.';
COMMENT ON COLUMN public.waitlist.passed_over IS
    'How often somebody behind was served because so many seats were not free; after the third time seats are kept for it.';
COMMENT ON COLUMN public.waitlist.kept_until IS 'Until then nobody behind is served, so that enough seats gather; NULL: none are kept.';

ALTER TABLE public.events
    ADD COLUMN waiting integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT events_waiting_range CHECK (waiting >= 0);
ALTER TABLE archive.events ADD COLUMN waiting integer NOT NULL DEFAULT 0;

CREATE INDEX events_with_a_waitlist ON public.events (id) WHERE waiting > 0;

COMMENT ON COLUMN public.events.waiting IS 'How many entries of the waiting list have the status waiting; kept by the functions.';

CREATE TABLE public.booking_settings (
    id                    boolean NOT NULL DEFAULT true,
    max_bookings_per_user integer,
    CONSTRAINT booking_settings_pkey PRIMARY KEY (id),
    CONSTRAINT booking_settings_are_one CHECK (id),
    CONSTRAINT booking_settings_max_bookings_per_user_range CHECK (max_bookings_per_user >= 1)
);

INSERT INTO public.booking_settings DEFAULT VALUES;

COMMENT ON TABLE public.booking_settings IS 'What holds for every booking, whoever makes it: one row, written when the service starts.';
COMMENT ON COLUMN public.booking_settings.max_bookings_per_user IS
    'How many live bookings a person may have at once, over all events to come; NULL: any number.';

-- Their parameters have changed.
DROP FUNCTION IF EXISTS public.attempt_booking;
DROP FUNCTION IF EXISTS public.queue_hold_notifications;
DROP FUNCTION IF EXISTS public.sold_out;
DROP FUNCTION IF EXISTS public.validate_seats;
