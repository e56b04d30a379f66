package io.qscope.app.client;

import io.qscope.app.CommandFailure;
import io.qscope.app.Console;
import io.qscope.app.SecretInput;
import io.qscope.app.Session;
import io.qscope.service.RegisteredClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Gives a client a new secret. */
@Command(
        name = "rotate-secret",
        description = {
            "Gives a client a new secret and prints it, this once. The one before is accepted for a while.",
            "With --secret the new one is chosen by you and read from the standard input."
        },
        footer = {"", "Example, after a secret leaked:", "  qscope client rotate-secret my-app --overlap 0"})
final class RotateClientSecret extends NamedClient {

    @Option(
            names = "--overlap",
            paramLabel = "SECONDS",
            description = "For how long the secret before is accepted (default: a day; 0: not at all).")
    private @Nullable Integer overlap;

    @Option(names = "--secret", description = "Read the new secret from the standard input.")
    private boolean choosesSecret;

    private @Nullable String chosen;

    RotateClientSecret(Console console) {
        super(console);
    }

    @Override
    protected void check() {
        if (overlap != null && overlap < 0) {
            throw wrong("--overlap takes seconds, at least 0");
        }
        chosen = choosesSecret ? SecretInput.read("client secret", spec()) : null;
    }

    @Override
    protected void run(Session session) {
        Duration accepted = overlap == null ? null : Duration.ofSeconds(overlap);
        RegisteredClient rotated = session.value(session.services()
                .clients()
                .rotateSecret(clientIdentifier(), chosen, accepted, session.by(), session.ray()));
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("client_id", rotated.client().clientIdentifier());
        if (rotated.secret() != null) {
            view.put("client_secret", rotated.secret());
        }
        view.put("previous_secret_until", until(rotated));
        output().one(console(), view);
        if (rotated.secret() != null) {
            if (!console().reachesItsReader()) {
                throw new CommandFailure(
                        "the secret WAS changed, and the new one could not be shown: nobody knows it; run this again",
                        null);
            }
            console().warn("the secret is shown this once; it is stored as a hash");
        }
    }

    private static @Nullable String until(RegisteredClient rotated) {
        return rotated.client().previousClientSecretExpiresAt() == null
                ? null
                : rotated.client().previousClientSecretExpiresAt().toString();
    }
}
