package io.qscope.app.key;

import io.qscope.app.Console;
import io.qscope.app.KeyRingFile;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Adds a new key to a ring. */
@Command(
        name = "add",
        description = {
            "Adds a new random key to a ring, to be read with; with --writing also to be written with.",
            "Where several servers share a storage, give all of them the key before any of them writes with it."
        },
        footer = {"", "Example:", "  qscope key add --keys /etc/qscope/keys"})
final class AddKey extends KeyCommand {

    @Option(names = "--writing", description = "Write with it from now on.")
    private boolean writing;

    AddKey(Console console) {
        super(console);
    }

    @Override
    public void run() {
        Key added = Key.generate(KeyRingFile.newKeyId());
        show(file().change(ring -> writing ? ring.writingWith(added) : readingWith(ring, added)));
    }

    private static KeyRing readingWith(KeyRing ring, Key added) {
        List<Key> others =
                new ArrayList<>(ring.readable().subList(1, ring.readable().size()));
        others.add(added);
        return KeyRing.of(ring.writing(), others.toArray(Key[]::new));
    }
}
