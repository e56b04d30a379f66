package io.qscope.app.client;

import io.qscope.app.Console;
import io.qscope.app.Session;
import io.qscope.model.OAuthClient;
import io.qscope.service.ClientChanges;
import io.qscope.service.ClientService;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Changes a client's registration. */
@Command(
        name = "update",
        description = "Changes a client. What is given replaces what was there; what is not given stays.",
        footer = {"", "Example:", "  qscope client update my-app --scope read --scope write --access-token-ttl 300"})
final class UpdateClient extends NamedClient {

    @Option(names = "--redirect-uri", paramLabel = "URI", description = "All its redirect URIs; repeat for several.")
    private @Nullable List<String> redirectUris;

    @Option(names = "--grant", paramLabel = "TYPE", description = "All its grants; repeat for several.")
    private @Nullable List<String> grants;

    @Option(names = "--scope", paramLabel = "SCOPE", description = "All its scopes; repeat for several.")
    private @Nullable List<String> scopes;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ConfigOptions config;

    UpdateClient(Console console) {
        super(console);
    }

    @Override
    protected void run(Session session) {
        ClientService clients = session.services().clients();
        OAuthClient before = session.value(clients.get(clientIdentifier(), session.ray()));
        ClientChanges changes;
        try {
            changes = ClientChanges.builder()
                    .redirectUris(redirectUris)
                    .grantTypes(grants == null ? null : new LinkedHashSet<>(grants))
                    .scopes(scopes == null ? null : new LinkedHashSet<>(scopes))
                    .config(config.applyTo(before.config()))
                    .build();
        } catch (IllegalArgumentException outOfBounds) {
            throw wrong(outOfBounds);
        }
        output().one(
                        console(),
                        ClientView.of(session.value(
                                clients.update(clientIdentifier(), changes, session.by(), session.ray()))));
    }
}
