package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AuthorizationCode;
import io.qscope.store.ConsumeOutcome;
import org.junit.jupiter.api.Test;

/** What authorization codes promise. */
abstract class AuthorizationCodeContract extends ContractGroup {

    AuthorizationCodeContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void aLiveCodeIsConsumed() {
        AuthorizationCode code = rows().storedCode();

        ConsumeOutcome<AuthorizationCode> outcome =
                await(storage().authorizationCodes().consume(code.code(), attempt(NOW), ray()));

        assertThat(outcome).isInstanceOf(ConsumeOutcome.Consumed.class);
    }
}
