package io.qscope.app.demo;

import io.qscope.model.OAuthClient;
import io.qscope.store.ClientTable;
import io.qscope.store.DuplicateRowException;
import java.util.Optional;

/** Registering a client. */
final class ClientSteps {

    private final Stage stage;

    ClientSteps(Stage stage) {
        this.stage = stage;
    }

    void register(StepReport report) {
        ClientTable clients = stage.storage().clients();
        OAuthClient client = stage.client();
        report.tell("An application registers. Its secret is hashed before the store sees it.");
        report.await(clients.insert(client, report.rayId()));
        Optional<OAuthClient> read =
                report.await(clients.getByClientIdentifier(client.clientIdentifier(), report.rayId()));
        report.show("client_id", client.clientIdentifier());
        report.show(
                "client_secret", stage.clientSecret() + " to the client, " + client.clientSecret() + " in the store");
        report.expect(
                "read back by its client_id, it is the same client, now at version 1",
                read.equals(Optional.of(client.toBuilder().version(1).build())));

        report.tell("Somebody registers the same client_id again.");
        OAuthClient twin = stage.issuer().client(client.clientIdentifier(), Secret.random());
        DuplicateRowException refused =
                report.awaitFailure(DuplicateRowException.class, clients.insert(twin, report.rayId()));
        report.show("refused", refused.getMessage().replace(" (ray " + report.rayId() + ")", ""));
        report.expect("the error has the ray id of this step", refused.rayId().equals(report.rayId()));
    }
}
