package io.qscope.app.client;

import io.qscope.app.CommandFailure;
import io.qscope.app.Console;
import io.qscope.app.SecretInput;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import io.qscope.model.ClientConfig;
import io.qscope.service.ClientRegistration;
import io.qscope.service.RegisteredClient;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Registers a client. */
@Command(
        name = "create",
        description = {
            "Registers a client and prints its client_id and, this once, its secret.",
            "With --secret the secret is chosen by you and read from the standard input."
        },
        footer = {
            "",
            "Example:",
            "  qscope client create --grant authorization_code --grant refresh_token \\",
            "      --redirect-uri https://app.example/callback --scope read --scope write"
        })
final class CreateClient extends SessionCommand {

    @Option(names = "--client-id", paramLabel = "ID", description = "Its client_id (default: a generated one).")
    private @Nullable String clientIdentifier;

    @Option(names = "--public", description = "It cannot keep a secret: an app on a phone, in a browser, on a device.")
    private boolean isPublic;

    @Option(names = "--secret", description = "Read its secret from the standard input instead of generating one.")
    private boolean choosesSecret;

    @Option(
            names = "--redirect-uri",
            paramLabel = "URI",
            description = "Where responses may be sent, compared exactly; repeat for several.")
    private List<String> redirectUris = List.of();

    @Option(names = "--grant", paramLabel = "TYPE", description = "A grant that it may use; repeat for several.")
    private List<String> grants = List.of();

    @Option(names = "--scope", paramLabel = "SCOPE", description = "A scope that it may have; repeat for several.")
    private List<String> scopes = List.of();

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ConfigOptions config;

    private @Nullable ClientRegistration registration;

    CreateClient(Console console) {
        super(console);
    }

    /** It may be the first thing that is put into a database. */
    @Override
    protected boolean makesStorage() {
        return true;
    }

    @Override
    protected void check() {
        if (isPublic && choosesSecret) {
            throw wrong("a public client has no secret: --public or --secret");
        }
        try {
            registration = ClientRegistration.builder()
                    .clientIdentifier(clientIdentifier)
                    .isConfidential(!isPublic)
                    .chosenSecret(choosesSecret ? SecretInput.read("client secret", spec()) : null)
                    .redirectUris(redirectUris)
                    .grantTypes(new LinkedHashSet<>(grants))
                    .scopes(new LinkedHashSet<>(scopes))
                    .config(config.applyTo(ClientConfig.defaults()))
                    .build();
        } catch (IllegalArgumentException outOfBounds) {
            throw wrong(outOfBounds);
        }
    }

    @Override
    protected void run(Session session) {
        RegisteredClient registered = session.value(session.services()
                .clients()
                .register(Objects.requireNonNull(registration), session.by(), session.ray()));
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("client_id", registered.client().clientIdentifier());
        if (registered.secret() != null) {
            view.put("client_secret", registered.secret());
        }
        output().one(console(), view);
        if (registered.secret() != null) {
            if (!console().reachesItsReader()) {
                throw new CommandFailure(
                        "the client " + registered.client().clientIdentifier()
                                + " WAS created, and its secret could not be shown: nobody knows it; give it a new one with"
                                + " \"qscope client rotate-secret\"",
                        null);
            }
            console().warn("the secret is shown this once; it is stored as a hash");
        }
    }
}
