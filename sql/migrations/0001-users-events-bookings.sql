-- Who books, what can be booked, and the bookings themselves.
-- The seat law, true at every commit: total_seats = available_seats + pending + confirmed, for every event.

CREATE TABLE public.users (
    id          bigserial,
    email       text NOT NULL,
    name        text NOT NULL,
    telegram_id text,
    role        varchar(20) NOT NULL DEFAULT 'user',
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_is_an_address CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(email) <= 254),
    CONSTRAINT users_name_length CHECK (length(name) BETWEEN 1 AND 200),
    CONSTRAINT users_telegram_id_length CHECK (length(telegram_id) BETWEEN 1 AND 64),
    CONSTRAINT users_role_is_known CHECK (role IN ('user', 'admin'))
);

CREATE UNIQUE INDEX users_email_key ON public.users (lower(email));

COMMENT ON TABLE public.users IS 'People who book, known by their email whatever its case.';
COMMENT ON COLUMN public.users.telegram_id IS 'Telegram chat that is told about bookings; NULL: nobody is told.';

CREATE TABLE public.events (
    id              bigserial,
    name            text NOT NULL,
    date            timestamptz NOT NULL,
    total_seats     integer NOT NULL,
    available_seats integer NOT NULL,
    booking_ttl     integer NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT events_pkey PRIMARY KEY (id),
    CONSTRAINT events_name_length CHECK (length(name) BETWEEN 1 AND 200),
    CONSTRAINT events_date_is_plausible CHECK (date >= '1970-01-01 00:00+00' AND date < '9999-01-01 00:00+00'),
    CONSTRAINT events_total_seats_range CHECK (total_seats BETWEEN 1 AND 1000000),
    CONSTRAINT events_available_seats_range CHECK (available_seats BETWEEN 0 AND total_seats),
    CONSTRAINT events_booking_ttl_range CHECK (booking_ttl BETWEEN 1 AND 43200)
) WITH (fillfactor = 50);  -- room on the page keeps the update of the counter a HOT one

CREATE INDEX events_by_date ON public.events (date, id);

COMMENT ON TABLE public.events IS 'What can be booked. available_seats is kept by the functions, never by hand.';
COMMENT ON COLUMN public.events.available_seats IS
    'Seats neither held nor confirmed. A lapsed hold that nothing has touched yet still counts as held here.';
COMMENT ON COLUMN public.events.booking_ttl IS 'How long a hold lives, in minutes.';

CREATE TABLE public.bookings (
    id            bigserial,
    event_id      bigint NOT NULL,
    user_id       bigint NOT NULL,
    status        text NOT NULL DEFAULT 'pending',
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at    timestamptz NOT NULL,
    confirmed_at  timestamptz,
    canceled_at   timestamptz,
    cancel_reason text,
    CONSTRAINT bookings_pkey PRIMARY KEY (id),
    CONSTRAINT bookings_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.events (id),
    CONSTRAINT bookings_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id),
    CONSTRAINT bookings_status_is_known CHECK (status IN ('pending', 'confirmed', 'canceled')),
    CONSTRAINT bookings_hold_has_a_life CHECK (expires_at > created_at),
    CONSTRAINT bookings_pending_is_not_confirmed CHECK (status <> 'pending' OR confirmed_at IS NULL),
    CONSTRAINT bookings_confirmed_says_when CHECK (status <> 'confirmed' OR confirmed_at IS NOT NULL),
    CONSTRAINT bookings_canceled_says_when CHECK ((status = 'canceled') = (canceled_at IS NOT NULL)),
    CONSTRAINT bookings_canceled_says_why CHECK ((status = 'canceled') = (cancel_reason IS NOT NULL)),
    CONSTRAINT bookings_cancel_reason_length CHECK (length(cancel_reason) BETWEEN 1 AND 200),
    CONSTRAINT bookings_lapsed_at_its_second CHECK (cancel_reason <> 'expired' OR canceled_at = expires_at)
);

CREATE UNIQUE INDEX bookings_one_live_a_user ON public.bookings (event_id, user_id) WHERE status <> 'canceled';
CREATE INDEX bookings_holds_by_expiry ON public.bookings (expires_at) WHERE status = 'pending';
CREATE INDEX bookings_holds_of_an_event ON public.bookings (event_id, expires_at, id) WHERE status = 'pending';
CREATE INDEX bookings_of_an_event ON public.bookings (event_id, id);
CREATE INDEX bookings_of_a_user ON public.bookings (user_id, id);

COMMENT ON TABLE public.bookings IS
    'Holds and what became of them, as stored; the view current_bookings shows them as they count at this moment.';
COMMENT ON COLUMN public.bookings.expires_at IS 'The hold is dead at this moment, whether or not anything swept it.';
COMMENT ON COLUMN public.bookings.cancel_reason IS '''expired'': the hold lapsed; ''user'', ''admin'' or any other word: it was canceled.';
