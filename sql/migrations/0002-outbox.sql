-- What people must be told, written in the transaction of the change it tells of.

CREATE TABLE public.outbox (
    id          bigserial,
    user_id     bigint NOT NULL,
    booking_id  bigint NOT NULL,
    kind        text NOT NULL,
    state       text NOT NULL DEFAULT 'waiting',
    attempts    integer NOT NULL DEFAULT 0,
    due_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    claim       uuid,
    last_error  text,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    CONSTRAINT outbox_pkey PRIMARY KEY (id),
    CONSTRAINT outbox_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id),
    CONSTRAINT outbox_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES public.bookings (id),
    CONSTRAINT outbox_kind_is_known CHECK (kind IN ('booking_confirmed', 'hold_lapsed', 'booking_canceled')),
    CONSTRAINT outbox_state_is_known CHECK (state IN ('waiting', 'sent', 'failed')),
    CONSTRAINT outbox_finished_says_when CHECK ((state = 'waiting') = (finished_at IS NULL)),
    CONSTRAINT outbox_failed_says_why CHECK (state <> 'failed' OR last_error IS NOT NULL)
);

CREATE INDEX outbox_waiting ON public.outbox (due_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_waiting_of_a_user ON public.outbox (user_id, id) WHERE state = 'waiting';
CREATE INDEX outbox_finished ON public.outbox (finished_at) WHERE state <> 'waiting';

COMMENT ON TABLE public.outbox IS 'Messages to people: waiting, sent, or failed for good. Delivered at least once.';
COMMENT ON COLUMN public.outbox.due_at IS 'When the message may next be tried; while a notifier is at it, the end of its lease.';
COMMENT ON COLUMN public.outbox.claim IS 'Names the notifier''s latest claim; only its holder may settle the message.';
