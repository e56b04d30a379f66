package io.qscope.app.key;

import io.qscope.app.CommandFailure;
import io.qscope.app.Console;
import io.qscope.app.KeyRingFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Has another key of a ring write. */
@Command(
        name = "use",
        description = "Has a key that is in the ring already write from now on; the others stay readable.",
        footer = {"", "Example:", "  qscope key use key-0a1b2c3d"})
final class UseKey extends KeyCommand {

    @Parameters(paramLabel = "ID", description = "The key's id.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String id;

    UseKey(Console console) {
        super(console);
    }

    @Override
    public void run() {
        KeyRingFile file = file();
        show(file.change(ring -> ring.writingWith(ring.key(id)
                .orElseThrow(() -> new CommandFailure(
                        "the key ring " + file.path() + " has no such key; \"qscope key list\" lists its keys",
                        null)))));
    }
}
