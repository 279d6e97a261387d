-- Who may sign in, and with what. Apart from users, so that reading users shows no secret.

CREATE TABLE public.accounts (
    user_id       bigint,
    password_hash text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT accounts_pkey PRIMARY KEY (user_id),
    CONSTRAINT accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id)
);

COMMENT ON TABLE public.accounts IS 'Users who can sign in with a password (an argon2id hash).';

CREATE TABLE public.access_tokens (
    token_hash bytea,
    user_id    bigint NOT NULL,
    kind       text NOT NULL,
    label      text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz,
    CONSTRAINT access_tokens_pkey PRIMARY KEY (token_hash),
    CONSTRAINT access_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id),
    CONSTRAINT access_tokens_kind_is_known CHECK (kind IN ('session', 'api')),
    CONSTRAINT access_tokens_session_ends CHECK (kind <> 'session' OR expires_at IS NOT NULL)
);

CREATE INDEX access_tokens_by_expiry ON public.access_tokens (expires_at) WHERE expires_at IS NOT NULL;

COMMENT ON TABLE public.access_tokens IS 'Sessions of the pages and tokens of programs, by the SHA-256 of the token.';

CREATE TABLE public.sign_in_failures (
    email text NOT NULL,
    at    timestamptz NOT NULL
);

CREATE INDEX sign_in_failures_of_an_email ON public.sign_in_failures (email, at);

COMMENT ON TABLE public.sign_in_failures IS 'Wrong passwords of the last minutes, to slow down guessing.';

CREATE TABLE public.service_secrets (
    name  text,
    value text NOT NULL,
    CONSTRAINT service_secrets_pkey PRIMARY KEY (name)
);

COMMENT ON TABLE public.service_secrets IS 'Keys the service made for itself because none was configured.';

INSERT INTO public.service_secrets (name, value)
VALUES ('secret_key', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));
