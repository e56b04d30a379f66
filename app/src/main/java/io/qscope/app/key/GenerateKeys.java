package io.qscope.app.key;

import io.qscope.app.CommandFailure;
import io.qscope.app.Console;
import io.qscope.app.KeyRingFile;
import picocli.CommandLine.Command;

/** Makes a key ring. */
@Command(
        name = "generate",
        description = "Makes a key ring of one new key, in a file that its user alone may read.",
        footer = {"", "Example:", "  qscope key generate --keys /etc/qscope/keys"})
final class GenerateKeys extends KeyCommand {

    GenerateKeys(Console console) {
        super(console);
    }

    @Override
    public void run() {
        KeyRingFile file = file();
        if (!file.createIfMissing()) {
            throw new CommandFailure(
                    file.path() + " is there already and was left as it is; \"qscope key add\" adds a key to it", null);
        }
        console().warn("made " + file.path() + "; keep a copy in a safe place");
        show(file.read());
    }
}
