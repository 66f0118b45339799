int32_t @name@_abi_version(void) { return @NAME@_ABI_VERSION; }
