/* Why: protoc-c's code calls libprotobuf-c by name, so these names must exist when
 * the program is linked. Here they do; each hands its arguments to the function of the
 * same name in the library that protobuf_load has loaded. */
#include "output/protobuf.h"

#include "base/library.h"

#include <protobuf-c/protobuf-c.h>

static struct {
    __typeof__(protobuf_c_message_get_packed_size) *get_packed_size;
    __typeof__(protobuf_c_message_pack) *pack;
    __typeof__(protobuf_c_message_pack_to_buffer) *pack_to_buffer;
    __typeof__(protobuf_c_message_unpack) *unpack;
    __typeof__(protobuf_c_message_free_unpacked) *free_unpacked;
    __typeof__(protobuf_c_version) *version;
} lib;

/* What a string field that was not set points to. */
const char protobuf_c_empty_string[] = "";

size_t protobuf_c_message_get_packed_size(const ProtobufCMessage *message)
{
    return lib.get_packed_size(message);
}

size_t protobuf_c_message_pack(const ProtobufCMessage *message, uint8_t *out)
{
    return lib.pack(message, out);
}

size_t protobuf_c_message_pack_to_buffer(const ProtobufCMessage *message, ProtobufCBuffer *buffer)
{
    return lib.pack_to_buffer(message, buffer);
}

ProtobufCMessage *protobuf_c_message_unpack(const ProtobufCMessageDescriptor *descriptor,
                                            ProtobufCAllocator *allocator, size_t len,
                                            const uint8_t *data)
{
    return lib.unpack(descriptor, allocator, len, data);
}

void protobuf_c_message_free_unpacked(ProtobufCMessage *message, ProtobufCAllocator *allocator)
{
    lib.free_unpacked(message, allocator);
}

int protobuf_load(struct error *err)
{
    const struct library_symbol symbols[] = {
        {"protobuf_c_message_get_packed_size", &lib.get_packed_size},
        {"protobuf_c_message_pack", &lib.pack},
        {"protobuf_c_message_pack_to_buffer", &lib.pack_to_buffer},
        {"protobuf_c_message_unpack", &lib.unpack},
        {"protobuf_c_message_free_unpacked", &lib.free_unpacked},
        {"protobuf_c_version", &lib.version},
    };
    return lib.version
               ? 0
               : library_load("libprotobuf-c.so.1", symbols, sizeof symbols / sizeof *symbols, err);
}

const char *protobuf_library_version(struct error *err)
{
    return protobuf_load(err) < 0 ? err->text : lib.version();
}
