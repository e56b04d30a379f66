package io.qscope.app.demo;

import io.qscope.result.FailedResult;
import io.qscope.service.ClientCredentials;
import io.qscope.service.ClientService;
import io.qscope.service.RegisteredClient;
import io.qscope.service.ServiceError;

/** Registering a client (RFC 6749 §2). */
final class ClientSteps {

    private final Stage stage;

    ClientSteps(Stage stage) {
        this.stage = stage;
    }

    void register(StepReport report) {
        ClientService clients = stage.services().clients();
        report.tell("An application registers, and is told its secret this once.");
        RegisteredClient registered = report.value(clients.register(stage.registration(), Stage.BY, report.rayId()));
        stage.registered(registered);
        report.show("client_id", registered.client().clientIdentifier());
        report.show(
                "client_secret",
                Stage.shown(registered.secret()) + " to the client, "
                        + registered.client().clientSecret() + " in the store");
        report.expect(
                "with its secret it is let in",
                report.value(clients.authenticate(stage.credentials(), report.rayId()))
                        .id()
                        .equals(registered.client().id()));
        ClientCredentials wrong = ClientCredentials.secret(registered.client().clientIdentifier(), "guessed");
        report.refused(ServiceError.INVALID_CLIENT, clients.authenticate(wrong, report.rayId()));
        report.expect("with another it is not: invalid_client", true);

        report.tell("Somebody registers the same client_id again.");
        FailedResult<RegisteredClient> refused =
                report.refused(ServiceError.CONFLICT, clients.register(stage.registration(), Stage.BY, report.rayId()));
        report.show("refused", refused.clientMessage());
        report.expect("the answer has the ray id of this step", refused.rayId().equals(report.rayId()));
    }
}
