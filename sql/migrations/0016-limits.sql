-- How many requests an address or an account sent, for all processes together. Lost after a crash: it costs no WAL.

CREATE UNLOGGED TABLE public.request_counts (
    key        bytea,
    period     bigint,
    requests   integer NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT request_counts_pkey PRIMARY KEY (key, period)
) WITH (fillfactor = 50);

CREATE INDEX request_counts_by_expiry ON public.request_counts (expires_at);

COMMENT ON TABLE public.request_counts IS
    'Requests that are limited, in periods as long as a quota''s window: the current one and the one before are asked for.';
COMMENT ON COLUMN public.request_counts.key IS
    'A keyed hash of the limit and of the address or account, so that a row names nobody.';
COMMENT ON COLUMN public.request_counts.period IS 'The number of the period since 1970.';
