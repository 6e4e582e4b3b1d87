// Any bytes are tensors that are written and read again as they are, or signet::Error says why not.
#include "core/nn/safetensors.h"

#include "core/base/error.h"
#include "tests/fuzz/fuzz_input.h"

using namespace signet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const nn::SafeTensors read = nn::parseSafeTensors({data, size});
        const Bytes written = nn::serializeSafeTensors(read.tensors, read.metadata);
        const nn::SafeTensors again = nn::parseSafeTensors(written);
        fuzz::require(again.metadata == read.metadata);
        fuzz::require(nn::serializeSafeTensors(again.tensors, again.metadata) == written);
    } catch (const Error&) {
    }
    return 0;
}
